import { describe, expect, it } from 'vitest';
import { isLoopbackHost, resolveEndpoint } from '../../../src/model/allowed-host.ts';

describe('resolveEndpoint', () => {
  it.each([
    ['http://127.0.0.1:11434', '127.0.0.1:11434'],
    ['http://127.8.9.10:80', '127.8.9.10:80'],
    ['http://localhost:11434/', 'localhost:11434'],
    ['http://LOCALHOST', 'localhost:80'],
    ['http://[::1]:11434', '[::1]:11434'],
    ['http://[::ffff:127.0.0.1]:1', '[::ffff:7f00:1]:1'],
    ['http://2130706433:5', '127.0.0.1:5'],
    ['https://127.0.0.1', '127.0.0.1:443'],
  ])('takes %s as this machine', (modelUrl, label) => {
    expect(resolveEndpoint(modelUrl, [])).toMatchObject({ label, remote: false, socketPath: null });
  });

  it.each([
    'http://localhost.evil.example:11434',
    'http://localhost.:11434',
    'http://127.0.0.1.evil.example',
    'http://127.0.0.1.nip.io',
    'http://0.0.0.0:11434',
    'http://[::]:11434',
    'http://[::ffff:10.0.0.1]',
    'http://10.0.0.1',
    'http://192.168.1.5:11434',
    'http://128.0.0.1',
    'https://ollama.com',
    'http://loca\u200bhost.example',
  ])('refuses %s', (modelUrl) => {
    expect(() => resolveEndpoint(modelUrl, [])).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });

  it.each([
    '',
    'localhost:11434',
    'ftp://127.0.0.1',
    'file:///etc/passwd',
    'http://127.0.0.1@evil.example',
    'http://a:b@127.0.0.1',
    'unix:relative',
    'http://127.0.0.1/?x=1',
  ])('finds no model URL in "%s"', (modelUrl) => {
    expect(() => resolveEndpoint(modelUrl, ['evil.example'])).toThrow(
      expect.objectContaining({ code: 'config_invalid' }),
    );
  });

  it('never shows a password', () => {
    expect(() => resolveEndpoint('http://me:hunter2@127.0.0.1', [])).toThrow(/\*\*\*@127/);
  });

  it('allows a host by name for every port, or by host:port for that port alone', () => {
    expect(resolveEndpoint('http://gpu.example:11434', ['GPU.example'])).toMatchObject({
      remote: true,
      label: 'gpu.example:11434',
    });
    expect(resolveEndpoint('http://gpu.example:11434', ['gpu.example:11434']).remote).toBe(true);
    expect(() => resolveEndpoint('http://gpu.example:80', ['gpu.example:11434'])).toThrow(/gpu\.example/);
    expect(() => resolveEndpoint('http://evil.gpu.example', ['gpu.example'])).toThrow(/allowedHosts/);
    expect(resolveEndpoint('http://[2001:db8::1]:80', ['2001:db8::1']).remote).toBe(true);
  });

  it('keeps a path before the API and drops the slash at its end', () => {
    expect(resolveEndpoint('http://127.0.0.1:8080/models/', []).baseUrl).toBe('http://127.0.0.1:8080/models');
  });

  it('takes a Unix socket by absolute path', () => {
    const endpoint = { socketPath: '/run/ollama.sock', label: '/run/ollama.sock', remote: false };
    expect(resolveEndpoint('unix:/run/ollama.sock', [])).toMatchObject(endpoint);
    expect(resolveEndpoint('unix:///run/ollama.sock', [])).toMatchObject(endpoint);
  });
});

describe('isLoopbackHost', () => {
  it('knows no name but localhost', () => {
    expect(['localhost', '127.0.0.1', '[::1]'].map(isLoopbackHost)).toEqual([true, true, true]);
    expect(['ip6-localhost', 'localhost.localdomain', 'a.localhost', ''].map(isLoopbackHost)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { callerOf, fakeGatekeeper, testKey } from '../../support/fake-gateway.ts';
import { httpApp } from '../../support/http-calls.ts';

const keyless = fakeGatekeeper({ keyless: callerOf({ id: 'local' }) });
const path = '/lorekeep/version';

interface Setting {
  readonly listenHost?: string;
  readonly hosts?: readonly string[];
  readonly origins?: readonly string[];
}

/** Status and headers of a request without a key, where none is needed: the case that a browser's page could abuse. */
async function ask(headers: Record<string, string>, setting: Setting = {}): Promise<Response> {
  const { hosts = [], origins = [], listenHost = '127.0.0.1' } = setting;
  const { call } = httpApp({ hosts, origins, gatekeeper: keyless }, { listenHost });
  return call(path, { headers, withKey: false });
}

const wide: Setting = { listenHost: '0.0.0.0' };
const named: Setting = { listenHost: '192.168.1.5', hosts: ['build.example', 'Box.Local'] };
const six: Setting = { listenHost: '::' };

describe('Host', () => {
  test.each<[string, Setting]>([
    ['localhost', {}],
    ['localhost:11435', {}],
    ['LOCALHOST:11435', {}],
    ['localhost:1', {}],
    ['127.0.0.1', {}],
    ['127.0.0.1:11435', {}],
    ['127.8.9.10:80', {}],
    ['[::1]', {}],
    ['[::1]:11435', {}],
    ['[::ffff:127.0.0.1]:11435', {}],
    ['192.168.1.5:11435', named],
    ['build.example', named],
    ['BUILD.example:443', named],
    ['box.local:11435', named],
    ['localhost', named],
    ['192.168.1.5:11435', wide],
    ['10.1.2.3', wide],
    ['[fd00::5]:11435', six],
  ])('%s is ours', async (host, setting) => {
    expect((await ask({ host }, setting)).status).toBe(200);
  });

  test.each<[string, Setting]>([
    ['evil.example', {}],
    ['evil.example:11435', {}],
    ['localhost.evil.example', {}],
    ['evil-localhost', {}],
    ['notlocalhost:11435', {}],
    ['localhost.', {}],
    ['127.0.0.1.evil.example', {}],
    ['127.0.0.1.', {}],
    ['1270.0.0.1', {}],
    ['127.0.0.256', {}],
    ['2130706433', {}],
    ['0x7f000001', {}],
    ['0.0.0.0', {}],
    ['0.0.0.0:11435', {}],
    ['[::]:11435', {}],
    ['[::2]', {}],
    ['192.168.1.5', {}],
    ['192.168.1.6', named],
    ['example', named],
    ['evil.build.example', named],
    ['build.example.evil', named],
    ['evil.example', wide],
    ['evil.example', six],
    ['localhost:11435:80', {}],
    ['localhost@evil.example', {}],
    ['evil.example/localhost', {}],
    ['localhost:port', {}],
    ['localhost:123456', {}],
    ['', {}],
    [' ', {}],
  ])('%j is refused without a word', async (host, setting) => {
    const reply = await ask({ host }, setting);
    expect([reply.status, await reply.text()]).toEqual([403, '']);
  });

  test('an absolute URL in the request line must name us, too', async () => {
    const { service } = httpApp({ gatekeeper: keyless });
    const reply = await service.fetch(new Request(`http://evil.example${path}`, { headers: { host: 'localhost' } }));
    expect(reply.status).toBe(403);
  });
});

const listed: Setting = { origins: ['https://chat.example', 'http://localhost:3000'] };
const local = '127.0.0.1:11435';

describe('Origin', () => {
  test.each<[string, Setting]>([
    ['http://127.0.0.1:11435', {}],
    ['https://127.0.0.1:11435', {}],
    ['https://chat.example', listed],
    ['http://localhost:3000', listed],
  ])('%s may ask', async (origin, setting) => {
    expect((await ask({ host: local, origin }, setting)).status).toBe(200);
  });

  test.each<[string, Setting]>([
    ['https://evil.example', {}],
    ['http://localhost:3000', {}],
    ['http://localhost:11435', {}],
    ['http://127.0.0.1', {}],
    ['http://127.0.0.1:11436', {}],
    ['http://127.0.0.1:11435.evil.example', {}],
    ['null', {}],
    ['', {}],
    ['ftp://127.0.0.1:11435', {}],
    ['chrome-extension://abcdef', {}],
    ['https://chat.example.evil', listed],
    ['http://chat.example', listed],
    ['https://chat.example:444', listed],
    ['https://CHAT.example', listed],
    ['https://app.example', {}],
    ['xapp://localhost', {}],
    ['app:evil', {}],
  ])('%j is refused, and may not read why', async (origin, setting) => {
    const reply = await ask({ host: local, origin }, setting);
    expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  test.each(['app://obsidian.md', 'file://', 'tauri://localhost', 'vscode-webview://1a2b', 'vscode-file://vscode-app'])(
    '%s needs a key, even where others need none',
    async (origin) => {
      expect((await ask({ host: local, origin })).status).toBe(401);
      const withKey = await ask({ host: local, origin, authorization: `Bearer ${testKey}` });
      expect([withKey.status, withKey.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
      expect((await ask({ host: local, origin, authorization: 'Bearer wrong' })).status).toBe(401);
    },
  );

  test.each([
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
    [{ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }, 403],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 200],
    [{ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }, 200],
    [{ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, 200],
    [{ 'sec-fetch-mode': 'cors' }, 200],
  ])('images and scripts of other sites: %j is %i', async (headers, status) => {
    expect((await ask({ host: local, ...headers })).status).toBe(status);
  });

  test('no header for other origins where none was sent', async () => {
    const reply = await ask({ host: local });
    const names = [...reply.headers.keys()].filter((name) => name.startsWith('access-control'));
    expect([reply.status, names]).toEqual([200, []]);
  });
});

describe('questions before a request', () => {
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,x-api-key',
  };

  async function asked(origin: string): Promise<Response> {
    const { call } = httpApp({ origins: listed.origins! });
    return call('/lorekeep/ask', { method: 'OPTIONS', headers: { host: local, origin, ...preflight }, withKey: false });
  }

  test.each(['https://chat.example', 'vscode-webview://1a2b'])('%s is told what it may send', async (origin) => {
    const { status, headers } = await asked(origin);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-headers')).toBe('content-type,x-api-key');
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    expect(headers.get('vary')).toContain('Origin');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('a foreign page is told nothing', async () => {
    const { status, headers } = await asked('https://evil.example');
    expect([status, headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });
});

import { describe, expect, it } from 'vitest';
import { refuseRemoteModel, remoteHostOf } from '../../../src/model/cloud-model.ts';

describe('remoteHostOf', () => {
  it.each([
    ['qwen', {}, null],
    ['qwen', { remote_host: '' }, null],
    ['qwen', { remote_host: 'https://ollama.com:443' }, 'ollama.com:443'],
    ['qwen', { remote_host: 'https://ollama.com' }, 'ollama.com:443'],
    ['qwen', { remote_host: 'http://gpu.example' }, 'gpu.example:80'],
    ['qwen', { remote_host: 'gpu.example:8443' }, 'gpu.example:8443'],
    ['qwen', { remote_model: 'qwen3-coder:480b' }, 'ollama.com:443'],
    ['gpt-oss:120b-cloud', {}, 'ollama.com:443'],
    ['glm-4.6:cloud', {}, 'ollama.com:443'],
    ['GLM:CLOUD', {}, 'ollama.com:443'],
    ['cloudy:latest', {}, null],
  ])('%s with %o runs at %s', (model, fields, host) => {
    expect(remoteHostOf(model, fields)).toBe(host);
  });
});

describe('refuseRemoteModel', () => {
  it('lets local models pass and remote ones only where their host is allowed', () => {
    expect(() => refuseRemoteModel('qwen', null, [])).not.toThrow();
    expect(() => refuseRemoteModel('q:cloud', 'ollama.com:443', ['ollama.com'])).not.toThrow();
    expect(() => refuseRemoteModel('q:cloud', 'ollama.com:443', ['gpu.example'])).toThrow(
      expect.objectContaining({
        code: 'forbidden',
        message: expect.stringContaining('add "ollama.com" to allowedHosts'),
      }),
    );
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createOllamaClient } from '../../../src/model/ollama/ollama-client.ts';
import { chatText, withFake } from '../../support/fake-client.ts';
import { chatLine, lastLine, sendLines, startFakeOllama } from '../../support/fake-ollama.ts';
import type { FakeAnswer } from '../../support/fake-server.ts';

describe('nothing leaves the machine', () => {
  it.each([
    ['/api/show', { remote_host: 'https://ollama.com:443', remote_model: 'tiny' }],
    ['/api/tags', { models: [{ name: 'tiny:latest', digest: 'd', remote_host: 'https://gpu.example' }] }],
  ])('refuses a model that %s tells to run elsewhere', async (path, answer) => {
    await withFake({ [path]: answer }, async (client) => {
      const asked = path === '/api/show' ? client.facts('tiny') : client.digest('tiny');
      await expect(asked).rejects.toMatchObject({ code: 'forbidden' });
    });
  });

  it('refuses a cloud model by its name, without asking the server', async () => {
    await using server = await startFakeOllama({});
    const client = createOllamaClient({ modelUrl: server.url, allowedHosts: [] });
    await expect(client.facts('gpt-oss:120b-cloud')).rejects.toMatchObject({ code: 'forbidden' });
    expect(server.seen).toEqual([]);
  });

  it('stops an answer that turns out to come from elsewhere', async () => {
    const answer: FakeAnswer = (response) =>
      sendLines(response, [{ ...chatLine('hi'), remote_host: 'https://ollama.com' }, lastLine()]);
    await withFake({ '/api/chat': answer }, (client) =>
      expect(chatText(client)).rejects.toMatchObject({ code: 'forbidden' }),
    );
  });

  it('follows no redirect, neither to another server nor on the same one', async () => {
    await using elsewhere = await startFakeOllama({});
    const redirect: FakeAnswer = (response) =>
      void response.writeHead(307, { location: `${elsewhere.url}/api/show` }).end();
    await withFake({ '/api/show': redirect }, async (client) => {
      await expect(client.facts('tiny')).rejects.toMatchObject({ code: 'model_unavailable' });
    });
    expect(elsewhere.seen).toEqual([]);
  });
});

it('reaches a server behind a Unix socket', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lorekeep-socket-'));
  try {
    await using server = await startFakeOllama({}, { socketPath: join(folder, 'ollama.sock') });
    expect(await createOllamaClient({ modelUrl: server.url, allowedHosts: [] }).digest('tiny')).toBe('d1');
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('says that no server is behind a socket that is missing', async () => {
  const client = createOllamaClient({ modelUrl: 'unix:/nonexistent/ollama.sock', allowedHosts: [] });
  await expect(client.digest('tiny')).rejects.toMatchObject({
    code: 'model_unavailable',
    message: expect.stringContaining('ollama serve'),
  });
});

it('reaches localhost by address, whichever family the server listens on', async () => {
  await using server = await startFakeOllama({});
  const client = createOllamaClient({ modelUrl: server.url.replace('127.0.0.1', 'localhost'), allowedHosts: [] });
  expect(await client.digest('tiny')).toBe('d1');
});

it('uses no proxy of the environment', async () => {
  await using server = await startFakeOllama({});
  await using proxy = await startFakeOllama({});
  const module = new URL('../../../src/model/ollama/ollama-client.ts', import.meta.url).href;
  const script = `
    const { createOllamaClient } = await import(${JSON.stringify(module)});
    const client = createOllamaClient({ modelUrl: ${JSON.stringify(server.url)}, allowedHosts: [] });
    process.stdout.write(await client.digest('tiny'));`;
  const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy.url, http_proxy: proxy.url, ALL_PROXY: proxy.url };
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env });
  expect((await run).stdout).toBe('d1');
  expect(proxy.seen).toEqual([]);
});

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { chatLine, lastLine, sendLines, startFakeOllama } from '../../support/fake-ollama.ts';
import type { FakeAnswer } from '../../support/fake-server.ts';
import { chatText, ollamaOf, withFake } from '../../support/ollama-of.ts';

describe('nothing leaves the machine', () => {
  it.each([
    ['/api/show', { remote_host: 'https://ollama.com:443', remote_model: 'tiny' }],
    ['/api/tags', { models: [{ name: 'tiny:latest', digest: 'd', remote_host: 'https://gpu.example' }] }],
  ])('refuses a model that %s tells to run elsewhere', async (path, answer) => {
    await withFake({ [path]: answer }, async (client) => {
      await expect(client.describe('tiny')).rejects.toMatchObject({ code: 'forbidden' });
    });
  });

  it('refuses a cloud model by its name, without asking the server', async () => {
    await using server = await startFakeOllama({});
    const client = ollamaOf(server.url);
    await expect(client.describe('gpt-oss:120b-cloud')).rejects.toMatchObject({ code: 'forbidden' });
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
      await expect(client.describe('tiny')).rejects.toMatchObject({ code: 'model_unavailable' });
    });
    expect(elsewhere.seen).toEqual([]);
  });
});

it('reaches a server behind a Unix socket', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lorekeep-socket-'));
  try {
    await using server = await startFakeOllama({}, { socketPath: join(folder, 'ollama.sock') });
    expect(await ollamaOf(server.url).describe('tiny')).toMatchObject({ digest: 'd1' });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('says that no server is behind a socket that is missing', async () => {
  const client = ollamaOf('unix:/nonexistent/ollama.sock');
  await expect(client.describe('tiny')).rejects.toMatchObject({
    code: 'model_unavailable',
    message: expect.stringContaining('ollama serve'),
  });
});

it('reaches localhost by address, whichever family the server listens on', async () => {
  await using server = await startFakeOllama({});
  const client = ollamaOf(server.url.replace('127.0.0.1', 'localhost'));
  expect(await client.describe('tiny')).toMatchObject({ digest: 'd1' });
});

it('uses no proxy of the environment', async () => {
  await using server = await startFakeOllama({});
  await using proxy = await startFakeOllama({});
  const module = new URL('../../support/ollama-of.ts', import.meta.url).href;
  const script = `
    const { ollamaOf } = await import(${JSON.stringify(module)});
    process.stdout.write((await ollamaOf(${JSON.stringify(server.url)}).describe('tiny')).digest);`;
  const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy.url, http_proxy: proxy.url, ALL_PROXY: proxy.url };
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env });
  expect((await run).stdout).toBe('d1');
  expect(proxy.seen).toEqual([]);
});

import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { GgufServer } from '../../../src/model/gguf/gguf-server.ts';
import type { GgufServerOptions } from '../../../src/model/gguf/gguf-server.ts';
import { collect } from '../../contract/model-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorekeep-gguf-'));
const servers: GgufServer[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

/** A file with a head and nothing else. */
function emptyModel(name: string): string {
  const head = Buffer.alloc(24);
  head.write('GGUF');
  head.writeUInt32LE(3, 4);
  const path = join(folder, name);
  writeFileSync(path, head);
  return path;
}

const model = emptyModel('a.gguf');
const other = emptyModel('b.gguf');

function serverWith(options: GgufServerOptions = {}): GgufServer {
  const childUrl = new URL('../../support/fake-gguf-child.ts', import.meta.url);
  const server = new GgufServer({ childUrl, freeMemory: () => ({ ramBytes: 1e9, gpuBytes: null }), ...options });
  servers.push(server);
  return server;
}

const say = (
  server: GgufServer,
  prompt: string,
  options: { model?: string; keepAlive?: number; signal?: AbortSignal } = {},
) =>
  server.complete(
    {
      model: options.model ?? model,
      prompt,
      raw: true,
      options: {},
      ...(options.keepAlive !== undefined && { keepAlive: options.keepAlive }),
    },
    options.signal,
  );

/** Id of the process that answered. */
const pidOf = async (server: GgufServer, options: { model?: string; keepAlive?: number } = {}): Promise<number> =>
  Number((await collect(say(server, 'hello', options))).text);

test('no file is looked at or run that the configuration does not name', async () => {
  const server = serverWith({ files: [model], onlyFiles: true });
  const call = { model: other, prompt: 'hello', raw: true, options: {} };
  const asked = [
    server.describe(other),
    server.tokenCounter(other),
    collect(server.complete(call)),
    collect(server.chat({ ...call, messages: [{ role: 'user', content: 'hello' }] })),
    server.embed({ model: other, inputs: ['hello'] }),
    server.describe('/no/such/file'),
  ];
  for (const one of asked) await expect(one).rejects.toMatchObject({ code: 'forbidden' });
  expect(await server.describe(model)).toMatchObject({ name: model });
  expect(await server.models()).toHaveLength(1);
});

test('without its package the call says what to install', async () => {
  const server = serverWith({ childUrl: new URL('../../support/gguf-child-without-package.ts', import.meta.url) });
  await expect(collect(say(server, 'hello'))).rejects.toMatchObject({
    code: 'model_unavailable',
    message: expect.stringContaining('`npm install node-llama-cpp`'),
  });
  // Once it is installed the next call shall find it.
  expect(server.processIds).toEqual([]);
});

test('a file without weights is told of, and calls that wait are told the same', async () => {
  const server = new GgufServer({ threads: 1 });
  servers.push(server);
  const both = await Promise.allSettled([collect(say(server, 'hello')), collect(say(server, 'hello'))]);
  const failure = { code: 'model_unavailable', message: expect.stringMatching(/^The model cannot be run: /) };
  expect(both).toMatchObject([{ reason: failure }, { reason: failure }]);
});

test('a process that ends says its last words, and the next call has another one', async () => {
  const server = serverWith();
  const first = await pidOf(server);
  expect(await pidOf(server)).toBe(first);
  await expect(collect(say(server, 'exit'))).rejects.toMatchObject({
    code: 'model_unavailable',
    message: expect.stringMatching(/a\.gguf ended with exit code 3 \(GGML_ASSERT failed\)/),
  });
  expect(await pidOf(server)).not.toBe(first);
});

test('a process that says nothing is ended, and the next call has another one', async () => {
  const server = serverWith({ idleTimeoutMs: 4_000 });
  const first = await pidOf(server);
  await expect(collect(say(server, 'silence'))).rejects.toMatchObject({ code: 'model_timeout' });
  expect(await pidOf(server)).not.toBe(first);
});

test('an answer that takes too long in all is ended', async () => {
  const server = serverWith({ totalTimeoutMs: 2_000 });
  await expect(collect(say(server, 'endless'))).rejects.toMatchObject({
    code: 'model_timeout',
    message: expect.stringContaining('--model-total-timeout-ms'),
  });
  expect(server.processIds).toEqual([]);
});

test('one call at a time; one that gives up its place lets the others pass', async () => {
  const server = serverWith();
  const running = say(server, 'endless')[Symbol.asyncIterator]();
  await running.next();
  const stop = new AbortController();
  const impatient = collect(say(server, 'hello', { signal: stop.signal }));
  const patient = pidOf(server);
  stop.abort();
  await expect(impatient).rejects.toMatchObject({ code: 'aborted' });
  await running.return?.(undefined);
  expect(await patient).toBeGreaterThan(0);
});

test('a process that does not stop is ended', async () => {
  const server = serverWith({ stopMs: 100 });
  const first = await pidOf(server);
  for await (const event of say(server, 'deaf')) if (event.type === 'delta') break;
  expect(await pidOf(server)).not.toBe(first);
});

test('a process ends when it has had nothing to do for long enough', async () => {
  const server = serverWith({ unloadAfterMs: 60_000 });
  await pidOf(server);
  expect(server.processIds).toHaveLength(1);
  await pidOf(server, { keepAlive: 0 });
  await expect.poll(() => server.processIds).toEqual([]);
});

test('another model takes the place of one that has nothing to do', async () => {
  const server = serverWith({ maxProcesses: 1 });
  await pidOf(server);
  const second = await pidOf(server, { model: other });
  expect(server.processIds).toEqual([second]);
});

test('a file that was written anew is another model', async () => {
  const server = serverWith();
  const { digest } = await server.describe(model);
  const first = await pidOf(server);
  utimesSync(model, new Date(), new Date(Date.now() + 5_000));
  expect(await pidOf(server)).not.toBe(first);
  expect((await server.describe(model)).digest).not.toBe(digest);
});

test.each([
  ['relative.gguf', 'request_invalid'],
  ['/no/such/file.gguf', 'model_missing'],
  [folder, 'model_missing'],
  [import.meta.filename, 'request_invalid'],
])('%s is refused with %s', async (path, code) => {
  await expect(serverWith().describe(path)).rejects.toMatchObject({ code });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, outcomeOf } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';
import {
  connectionTrace,
  foreignAddresses,
  loopbackOnly,
  loopbackOnlyLeftOut,
  traceLeftOut,
} from '../support/loopback-only.ts';
import type { LoopbackOutcome, LoopbackTask } from '../support/loopback-run.ts';
import { cacheFolder, isOllamaSetUp, ollamaLeftOut } from '../support/ollama-server.ts';

const script = join(import.meta.dirname, '..', 'support', 'loopback-run.ts');
/** An address that is reserved for documentation (RFC 5737). */
const elsewhere = { host: '192.0.2.1', port: 80 };
const namespace = loopbackOnly();
if (namespace === null) process.stdout.write(`${loopbackOnlyLeftOut}\n`);

describe.runIf(namespace !== null)('nothing leaves the machine', () => {
  const within = namespace ?? [];
  let sandbox: Sandbox;
  let traceFile: string;
  let watch: readonly string[] | null;
  let shop: string;

  beforeAll(() => {
    sandbox = createSandbox();
    shop = sandbox.copyProject('shop');
    traceFile = join(sandbox.home, 'connections');
    watch = connectionTrace(within, traceFile);
    if (watch === null) process.stdout.write(`${traceLeftOut}\n`);
  });
  afterAll(() => sandbox.remove());

  /** Runs a task in the namespace, or without words in the open; also tells what foreign addresses were tried. */
  async function run(task: Pick<LoopbackTask, 'task' | 'address'>, words: readonly string[] = within) {
    writeFileSync(traceFile, '');
    const told: LoopbackTask = { ...task, folder: shop, watch: watch ?? [] };
    const [program, ...args] = [...words, process.execPath, script, JSON.stringify(told)];
    const environment = { PATH: process.env['PATH'] ?? '', HOME: sandbox.home, XDG_CACHE_HOME: cacheFolder };
    const { status, stdout, stderr } = await outcomeOf(spawn(program, args, { env: environment }));
    if (status !== 0) throw new Error(`${task.task} ended with ${status}: ${stderr}`);
    const trace = readFileSync(traceFile, 'utf8');
    return { ...(JSON.parse(stdout) as LoopbackOutcome), trace, foreign: foreignAddresses(trace) };
  }
  const nothing = { withoutRoute: 0, foreign: [] };

  test('index, search and ask work where only loopback exists, and try nothing else', async () => {
    expect(await run({ task: 'without a model' })).toMatchObject({
      results: {
        index: { files: 11 },
        search: { hits: expect.arrayContaining([expect.objectContaining({ path: 'api/password.ts' })]) },
        ask: { mode: 'evidence', citations: expect.arrayContaining([expect.objectContaining({ project: 'shop' })]) },
      },
      ...nothing,
    });
  });

  test('a model server on loopback is all that is asked', async () => {
    const { results, trace, ...left } = await run({ task: 'with a made-up model' });
    expect(results).toMatchObject({ ask: { mode: 'generated', answer: 'In constant time [1].' } });
    expect(left).toEqual(nothing);
    expect(trace.includes('inet_addr("127.0.0.1")')).toBe(watch !== null);
  });

  test('an attempt to leave fails, and is seen', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const here = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    try {
      expect(await run({ task: 'leave', address: here }, [])).toMatchObject({ results: 0 });
      expect(await run({ task: 'leave', address: here })).toMatchObject({ results: 1 });
    } finally {
      server.close();
    }
    const { results, withoutRoute, foreign } = await run({ task: 'leave', address: elsewhere });
    expect(results).toBe(1);
    expect(withoutRoute).toBeGreaterThan(0);
    expect(foreign).toEqual(watch === null ? [] : [elsewhere.host]);
  });

  if (!isOllamaSetUp()) process.stdout.write(`${ollamaLeftOut}\n`);
  test.runIf(isOllamaSetUp())(
    'nor do vectors and answers of a real Ollama',
    async () => {
      const { results, withoutRoute, foreign } = await run({ task: 'with a real model' });
      expect(results).toMatchObject({
        index: { embedder: 'all-minilm', embedded: expect.any(Number) },
        search: { mode: 'hybrid' },
        ask: { mode: 'generated', model: 'deepseek-coder:6.7b' },
      });
      expect({ withoutRoute, foreign }).toEqual(nothing);
    },
    300_000,
  );
});

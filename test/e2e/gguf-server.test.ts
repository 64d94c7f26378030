import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { toServiceError } from '../../src/core/errors.ts';
import type { ModelEvent } from '../../src/core/gateway/model-server.ts';
import { GgufServer } from '../../src/model/gguf/gguf-server.ts';
import { collect, failureOf, modelServerContract } from '../contract/model-server.ts';
import { ggufFile, ggufLeftOut } from '../support/gguf-files.ts';

const writer = ggufFile('smollm2', '135m');
const embedder = ggufFile('all-minilm', 'latest');
if (writer === '') process.stdout.write(`${ggufLeftOut}\n`);

// One processor: several threads wait for each other at every step while other tests use the processors.
const server = new GgufServer({ threads: 1, files: writer === '' ? [] : [writer] });
afterAll(() => server.close());

const messages = [{ role: 'user', content: 'Write a very long story about a river.' }] as const;
const options = { temperature: 0, seed: 1 };

function story(more: object, signal?: AbortSignal): AsyncIterable<ModelEvent> {
  return server.chat({ model: writer, messages, options: { ...options, ...more } }, signal);
}

describe.skipIf(writer === '')('a model in a GGUF file', () => {
  modelServerContract('GgufServer', async () => ({ server, writer, embedder, missing: '/no/such/file.gguf' }));

  test('the file tells what it is', async () => {
    expect(await server.describe(writer)).toMatchObject({
      host: 'in-process',
      contextTokens: 8_192,
      family: 'llama',
      parameterSize: '135M',
      quantization: 'Q4_1',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await server.describe(embedder)).toMatchObject({ capabilities: ['embedding'] });
  });

  test('tokens are counted exactly', async () => {
    const counter = await server.tokenCounter(writer);
    expect(counter.isExact).toBe(true);
    const prompt = 'def fibonacci(n):\n    """Liefert die n-te Zahl — 第n个数."""\n    return n if n < 2 else';
    const call = { model: writer, prompt, raw: true, options: { ...options, num_predict: 1 } };
    const { done } = await collect(server.complete(call));
    expect(counter.count(prompt)).toBe(done.promptTokens);
  });

  test('a process that is killed costs its call, and the next one works', async () => {
    const killed = async (): Promise<void> => {
      for await (const event of story({ num_predict: 300 })) {
        if (event.type === 'delta') process.kill(server.processIds[0] ?? 0, 'SIGKILL');
      }
    };
    const failure = toServiceError(await killed().catch((error: unknown) => error));
    expect(failure).toMatchObject({ code: 'model_unavailable', message: expect.stringContaining('by SIGKILL') });
    expect((await collect(story({ num_predict: 3 }))).done.outputTokens).toBe(3);
  });

  test('who stops a long answer need not wait, and has not held up the next call for long', async () => {
    const stop = new AbortController();
    let pieces = 0;
    const stopped = (async () => {
      for await (const event of story({ num_predict: 4_000 }, stop.signal)) {
        pieces += event.type === 'delta' ? 1 : 0;
        if (pieces === 5) stop.abort();
      }
    })();
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(pieces).toBe(5);
    expect((await collect(story({ num_predict: 2 }))).done.outputTokens).toBe(2);
  });

  test('a prompt that does not fit is refused with its size', async () => {
    const long = { model: writer, prompt: 'word '.repeat(9_000), raw: true, options };
    await expect(collect(server.complete(long))).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringMatching(/The prompt has 9\d{3} tokens, and the window of the model 8192/),
    });
  });

  test('what a file alone cannot do is refused or told', async () => {
    const tools = [{ type: 'function', function: { name: 'look' } }];
    expect(await failureOf(() => server.chat({ model: writer, messages, options, tools }))).toBe('request_invalid');
    const suffix = { model: writer, prompt: 'a', suffix: 'b', options };
    expect(await failureOf(() => server.complete(suffix))).toBe('request_invalid');
    const { done } = await collect(story({ num_predict: 1, mirostat: 2 }));
    expect(done.notices).toEqual([expect.stringContaining('"mirostat"')]);
  });

  test('a hole is written out for a model whose family is known by the name of its file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lorekeep-hole-'));
    const named = join(folder, 'qwen2.5-coder-0.1b.gguf');
    await symlink(writer, named);
    try {
      expect((await server.describe(named)).capabilities).toContain('insert');
      const snippets = [{ path: 'a.py', text: 'def add(a, b):\n    return a + b\n' }];
      const hole = { prompt: 'print(', suffix: ')', snippets, options: { ...options, num_predict: 2 } };
      const { done } = await collect(server.complete({ model: named, ...hole }));
      expect(done.promptTokens).toBeGreaterThan(20);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('a model leaves the memory when it is told to', async () => {
    await collect(story({ num_predict: 1 }));
    const before = server.processIds.length;
    const call = { model: writer, messages: [], options: {}, keepAlive: 0 };
    expect((await collect(server.chat(call))).done.reason).toBe('unload');
    await expect.poll(() => server.processIds.length).toBe(before - 1);
  });
});

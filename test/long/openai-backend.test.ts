import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toServiceError } from '../../src/core/errors.ts';
import { OpenaiServer } from '../../src/model/openai/openai-server.ts';
import { collect, modelServerContract } from '../contract/model-server.ts';
import { ggufFile, ggufLeftOut } from '../support/gguf-files.ts';
import { llamaCppLeftOut, setUpLlamaCpp, startLlamaCpp } from '../support/llama-cpp-server.ts';
import type { LlamaCppServer } from '../support/llama-cpp-server.ts';

const file = ggufFile('smollm2', '135m');
const available = file !== '' && (await setUpLlamaCpp());
if (!available) process.stdout.write(`${file === '' ? ggufLeftOut : llamaCppLeftOut}\n`);

const contextTokens = 1_024;

describe.runIf(available)("llama.cpp's server", () => {
  const started: LlamaCppServer[] = [];
  let server: OpenaiServer;
  let embedder: OpenaiServer;

  const start = async (model: string, more: readonly string[]): Promise<OpenaiServer> => {
    const process = await startLlamaCpp(model, contextTokens, more);
    started.push(process);
    const reach = { generatorUrl: process.url, generatorKey: '', allowedHosts: [] };
    return new OpenaiServer({ ...reach, now: () => performance.now() });
  };
  beforeAll(async () => {
    // Else each request would break off the one before.
    server = await start(file, ['--model_alias', 'smollm2', '--interrupt_requests', 'false']);
    embedder = await start(ggufFile('all-minilm', 'latest'), ['--model_alias', 'minilm', '--embedding', 'true']);
  }, 120_000);
  afterAll(() => Promise.all(started.map((process) => process[Symbol.asyncDispose]())));

  modelServerContract('OpenaiServer', async () => ({
    server,
    writer: 'smollm2',
    embedder: null,
    // It answers whatever name it is asked for.
    missing: null,
  }));

  test('vectors', async () => {
    const { vectors } = await embedder.embed({ model: 'minilm', inputs: ['open the file', 'sort numbers'] });
    expect(vectors.map((vector) => vector.length)).toEqual([384, 384]);
    expect(Math.hypot(...(vectors[0] ?? []))).toBeCloseTo(1, 3);
  });

  test('a prompt that does not fit is refused with the numbers', async () => {
    const messages = [{ role: 'user', content: 'word '.repeat(3_000) }] as const;
    const failure = await collect(server.chat({ model: 'smollm2', messages, options: {} })).catch(toServiceError);
    expect(failure).toMatchObject({
      code: 'request_invalid',
      message: expect.stringMatching(/1024 tokens.*30\d\d tokens/),
    });
  });

  test('an answer that the server breaks off is no whole answer', async () => {
    const hasty = await start(file, ['--model_alias', 'smollm2']);
    const messages = [{ role: 'user', content: 'Write a very long story.' }] as const;
    const call = { model: 'smollm2', messages, options: { num_predict: 900, temperature: 0 } };
    const first = Promise.withResolvers<void>();
    const broken = (async () => {
      for await (const event of hasty.chat(call)) if (event.type === 'delta') first.resolve();
    })();
    await first.promise;
    const second = collect(hasty.chat({ ...call, options: { num_predict: 1 } }));
    await expect(broken).rejects.toMatchObject({
      code: 'model_unavailable',
      message: expect.stringContaining('before it was complete'),
    });
    await second;
  });

  test('an answer that is stopped makes room for the next one', async () => {
    const stop = new AbortController();
    const messages = [{ role: 'user', content: 'Write a very long story.' }] as const;
    const stopped = (async () => {
      const call = { model: 'smollm2', messages, options: { num_predict: 900, temperature: 0 } };
      for await (const event of server.chat(call, stop.signal)) if (event.type === 'delta') stop.abort();
    })();
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    const next = await collect(server.chat({ model: 'smollm2', messages, options: { num_predict: 3 } }));
    expect(next.done.outputTokens).toBeGreaterThan(0);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OpenaiServer } from '../../src/model/openai/openai-server.ts';
import { collect, modelServerContract } from '../contract/model-server.ts';
import { isOllamaSetUp, ollamaLeftOut, startOllama } from '../support/ollama-server.ts';
import type { OllamaServer } from '../support/ollama-server.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

const writer = 'smollm2:135m';

describe.runIf(available)("Ollama's own /v1", () => {
  let ollama: OllamaServer | null = null;
  let server: OpenaiServer;

  beforeAll(async () => {
    ollama = await startOllama();
    const reach = { generatorUrl: `${ollama?.url ?? ''}/v1`, generatorKey: '', allowedHosts: [] };
    server = new OpenaiServer({ ...reach, now: () => performance.now() });
  });
  afterAll(async () => {
    await ollama?.stop();
  });

  modelServerContract('OpenaiServer', async () => ({
    server,
    writer,
    embedder: 'all-minilm:latest',
    missing: 'none:1b',
  }));

  test('what Ollama does not do in this protocol is told', async () => {
    const options = { num_predict: 2, top_k: 1, mirostat_eta: 0.1, num_gpu: 0, num_ctx: 4_096 };
    const messages = [{ role: 'user', content: 'Hello.' }] as const;
    const { done } = await collect(server.chat({ model: writer, messages, options }));
    expect(done.notices).toEqual([
      expect.stringContaining('no field for "num_gpu"'),
      'Ollama ignores "top_k", "mirostat_eta" when it is asked in OpenAI\'s protocol.',
    ]);
    const raw = await collect(server.complete({ model: writer, prompt: 'a', raw: true, options: { num_predict: 1 } }));
    expect(raw.done.notices).toEqual([expect.stringContaining('template')]);
  });

  test('a hole in code, which this model cannot fill, is refused in its words', async () => {
    const call = { model: writer, prompt: 'a', suffix: 'b', options: {} };
    await expect(collect(server.complete(call))).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringContaining('does not support insert'),
    });
  });
});

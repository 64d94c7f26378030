import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOllamaSetUp, ollamaLeftOut, startOllama } from '../../support/ollama-server.ts';
import type { OllamaServer } from '../../support/ollama-server.ts';
import { startService } from '../../support/running-service.ts';
import type { RunningService } from '../../support/running-service.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

const model = 'smollm2:135m';
const messages = [{ role: 'user', content: 'Count to ten thousand.' }];
/** Each protocol with its error, and the types that it gives a bad request and a thing that is not there. */
const protocols = [
  ['/api/chat', (message: unknown) => ({ error: message }), ['', '']],
  [
    '/v1/chat/completions',
    (message: unknown, type: string) => ({ error: { message, type } }),
    ['invalid_request_error', 'not_found_error'],
  ],
  [
    '/v1/messages',
    (message: unknown, type: string) => ({ type: 'error', error: { message, type } }),
    ['invalid_request_error', 'not_found_error'],
  ],
] as const;

describe.runIf(available)('lorekeep serve, when a real Ollama cannot answer', () => {
  let ollama: OllamaServer | null = null;
  let service: RunningService;

  beforeAll(async () => {
    ollama = await startOllama();
    service = await startService({ modelUrl: ollama?.url ?? '' });
  });

  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await ollama?.stop();
  });

  test.each(protocols)('%s tells that a model is missing, and how to get it', async (path, shape, [, type]) => {
    const reply = await service.call(path, { model: 'nobody/has-this', messages, max_tokens: 1 });
    expect(reply.status).toBe(404);
    expect(await reply.json()).toMatchObject(shape(expect.stringContaining('ollama pull nobody/has-this'), type));
    expect(await service.auditOf(reply)).toMatchObject({ status: 404, error: 'model_missing' });
  });

  test.each(protocols)('%s tells that a prompt is too long, in numbers', async (path, shape, [type]) => {
    const long = [{ role: 'user', content: 'word '.repeat(9_000) }];
    const reply = await service.call(path, { model, messages: long, max_tokens: 1, lorekeep: { retrieve: 'never' } });
    expect(reply.status).toBe(400);
    const words = /^The prompt has 9\d{3} tokens, but the context window of smollm2:135m takes 8192\./;
    expect(await reply.json()).toMatchObject(shape(expect.stringMatching(words), type));
    expect(await service.auditOf(reply)).toMatchObject({ status: 400, error: 'request_invalid' });
  });

  // The last one: nothing answers behind it.
  test('a killed Ollama ends a stream with an error, and the rest goes on', async () => {
    const reply = await service.call('/api/chat', { model, messages, options: { num_predict: 4_000 } });
    const lines: string[] = [];
    for await (const piece of reply.body!.pipeThrough(new TextDecoderStream())) {
      if (lines.length === 0) void ollama?.stop('SIGKILL');
      lines.push(...piece.trimEnd().split('\n'));
    }
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: { role: 'assistant' }, done: false });
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ error: expect.stringContaining('ollama') });
    expect(await service.auditOf(reply)).toMatchObject({ status: 200, error: 'model_unavailable', decision: 'none' });

    const after = await service.call('/v1/chat/completions', { model, messages });
    expect([after.status, await after.json()]).toEqual([
      503,
      { error: expect.objectContaining({ type: 'api_error' }) },
    ]);
    const asked = await service.call('/lorekeep/ask', { question: 'How does the RateLimiter refill its buckets?' });
    expect(await asked.json()).toMatchObject({
      mode: 'evidence',
      evidence: expect.arrayContaining([expect.anything()]),
    });
    expect(await (await service.call('/health')).json()).toMatchObject({ status: 'degraded' });
  });
});

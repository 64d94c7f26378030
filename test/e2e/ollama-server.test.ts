import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatCall, ModelDone, ModelEvent } from '../../src/core/gateway/model-server.ts';
import type { OllamaServer } from '../../src/model/ollama/ollama-server.ts';
import { vocabularyCounter } from '../../src/model/tokens/vocabulary-counter.ts';
import { eventsOf, ollamaOf, textOf } from '../support/ollama-of.ts';
import type { OllamaServer as OllamaProcess } from '../support/ollama-server.ts';
import { isOllamaSetUp, ollamaLeftOut, startOllama } from '../support/ollama-server.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

const model = 'smollm2:135m';
const hello: ChatCall = {
  model,
  messages: [{ role: 'user', content: 'Tell a long story.' }],
  options: { num_predict: 8 },
};

describe.runIf(available)('a real Ollama behind the port', () => {
  let started: OllamaProcess | null = null;
  let ollama: OllamaServer;

  beforeAll(async () => {
    started = await startOllama();
    ollama = ollamaOf(started?.url ?? '');
  });
  afterAll(() => started?.stop());

  const doneOf = (events: readonly ModelEvent[]): ModelDone => events.at(-1) as ModelDone;

  it('tells its models', async () => {
    const models = await ollama.models();
    expect(models.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['smollm2:135m', 'all-minilm:latest', 'deepseek-coder:6.7b']),
    );
    expect(await ollama.describe(model)).toEqual({
      name: model,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      contextTokens: 8_192,
      windowTokens: 8_192,
      capabilities: ['completion'],
      family: 'llama',
      parameterSize: expect.stringMatching(/M$/),
      quantization: expect.stringMatching(/^Q/),
      bytes: expect.any(Number),
      modifiedAt: expect.stringMatching(/^\d{4}-/),
      notices: [],
    });
    expect(await ollama.describe('all-minilm')).toMatchObject({ windowTokens: 512, capabilities: ['embedding'] });
  });

  it('chats line by line, and runs with one window whatever a caller asks for', async () => {
    const events = await eventsOf(ollama.chat({ ...hello, options: { num_predict: 8, num_ctx: 1_024 } }));
    expect(events.length).toBeGreaterThan(3);
    expect(doneOf(events)).toMatchObject({ reason: 'length', outputTokens: 8 });
    expect(doneOf(events).promptTokens).toBeGreaterThan(5);
    expect(doneOf(events).times.totalNs).toBeGreaterThan(doneOf(events).times.outputNs);
    expect(await ollama.loaded()).toMatchObject([{ name: model, windowTokens: 8_192 }]);
    const again = await eventsOf(ollama.chat({ ...hello, options: { num_predict: 1, num_ctx: 4_096 } }));
    expect(doneOf(again).times.loadNs).toBeLessThan(doneOf(events).times.loadNs / 2);
  });

  it('loads a model without a question, and lets go of it', async () => {
    expect(await eventsOf(ollama.chat({ model, messages: [], options: {}, keepAlive: '5m' }))).toMatchObject([
      { type: 'done', reason: 'load' },
    ]);
    expect(await eventsOf(ollama.complete({ model, prompt: '', options: {}, keepAlive: 0 }))).toMatchObject([
      { type: 'done', reason: 'unload' },
    ]);
  });

  it('refuses in its own words what the model cannot do', async () => {
    const tools = [{ type: 'function', function: { name: 'f', description: 'f', parameters: { type: 'object' } } }];
    await expect(eventsOf(ollama.chat({ ...hello, tools }))).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringMatching(/smollm2:135m.*does not support tools/),
    });
    await expect(eventsOf(ollama.chat({ ...hello, think: true }))).rejects.toMatchObject({
      message: expect.stringMatching(/does not support thinking/),
    });
    await expect(eventsOf(ollama.chat({ ...hello, options: { temperature: 'x' } }))).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringContaining('temperature'),
    });
    await expect(eventsOf(ollama.chat({ ...hello, model: 'nobody/has-this' }))).rejects.toMatchObject({
      code: 'model_missing',
    });
  });

  it('keeps to a schema', async () => {
    const format = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] };
    const events = await eventsOf(ollama.chat({ ...hello, format, options: { temperature: 0, num_predict: 60 } }));
    expect(JSON.parse(events.map(textOf).join(''))).toEqual({ ok: expect.any(Boolean) });
  });

  it('completes a text, fills a hole by the marks of the family, and gives back its context', async () => {
    const plain = await eventsOf(ollama.complete({ model, prompt: 'Hello', options: { num_predict: 3 } }));
    expect(doneOf(plain).context?.length).toBeGreaterThan(3);
    const hole = { model: 'deepseek-coder:6.7b', prompt: 'def add(a, b):\n', suffix: '\n\nprint(add(1, 2))\n' };
    const filled = await eventsOf(ollama.complete({ ...hole, options: { num_predict: 5 } }));
    expect(doneOf(filled).promptTokens).toBeGreaterThan(20);
    await expect(eventsOf(ollama.complete({ ...hole, model, options: {} }))).rejects.toMatchObject({
      code: 'request_invalid',
      message: expect.stringContaining('does not support insert'),
    });
  });

  it('makes vectors', async () => {
    const { vectors, promptTokens } = await ollama.embed({ model: 'all-minilm', inputs: ['one', 'two words'] });
    expect(vectors.map(({ length }) => length)).toEqual([384, 384]);
    expect(promptTokens).toBe(3);
    expect((await ollama.embed({ model: 'all-minilm', inputs: [] })).vectors).toEqual([]);
    const long = { model: 'all-minilm', inputs: ['word '.repeat(3_000)] };
    await expect(ollama.embed({ ...long, truncate: false })).rejects.toMatchObject({ code: 'request_invalid' });
    expect((await ollama.embed(long)).vectors).toHaveLength(1);
  });

  it('gives the vocabulary of a model, to count by', async () => {
    const counter = await ollamaOf(started?.url ?? '', { vocabularyCounter }).tokenCounter(model);
    const prompt = 'const lock = new Lock(); // 锁\n';
    const events = await eventsOf(ollama.complete({ model, prompt, raw: true, options: { num_predict: 1 } }));
    expect([counter.isExact, counter.count(prompt)]).toEqual([true, doneOf(events).promptTokens]);
  });

  it('stops writing when a caller leaves', async () => {
    const long = { model, messages: [{ role: 'user' as const, content: 'Count for ever.' }] };
    for await (const _ of ollama.chat({ ...long, options: { num_predict: 7_000, repeat_penalty: 2 } })) break;
    // It works on one request at a time: had it gone on, this one would have waited for a minute.
    const next = await eventsOf(ollama.chat({ ...hello, options: { num_predict: 1 } }));
    expect(doneOf(next).times.totalNs).toBeLessThan(20e9);
  });

  it('answers what is forwarded itself', async () => {
    const get = { method: 'GET', path: '/api/version', headers: {}, body: null };
    expect(await (await ollama.forward(get)).json()).toEqual({ version: '0.11.4' });
    const show = await ollama.forward({ ...get, method: 'POST', path: '/api/show', body: JSON.stringify({ model }) });
    expect(await show.json()).toMatchObject({ capabilities: ['completion'], template: expect.any(String) });
    const blob = await ollama.forward({ ...get, method: 'HEAD', path: `/api/blobs/sha256:${'0'.repeat(64)}` });
    expect(blob.status).toBe(404);
    const wrong = await ollama.forward({ ...get, path: '/api/chat' });
    expect([wrong.status, await wrong.text()]).toEqual([405, expect.any(String)]);
    const chat = { ...hello, options: { num_predict: 3 }, stream: true };
    const lines = await ollama.forward({ ...get, method: 'POST', path: '/api/chat', body: JSON.stringify(chat) });
    const last = (await lines.text()).trim().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ done: true, model });
  });

  it('that is stopped in the middle of an answer ends it with an error', async () => {
    const other = await startOllama();
    const doomed = ollamaOf(other?.url ?? '');
    const events = doomed.chat({ ...hello, options: { num_predict: 7_000, repeat_penalty: 2 } });
    expect(textOf((await events.next()).value)).not.toBe('');
    await other?.stop();
    await expect(eventsOf(events)).rejects.toMatchObject({ code: 'model_unavailable' });
    await expect(eventsOf(doomed.chat(hello))).rejects.toMatchObject({
      code: 'model_unavailable',
      message: expect.stringContaining('ollama serve'),
    });
  });
});

import { Ollama } from 'ollama';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LorekeepBeforeOllama } from '../../support/lorekeep-before-ollama.ts';
import { startLorekeepBeforeOllama } from '../../support/lorekeep-before-ollama.ts';
import { isOllamaSetUp, ollamaLeftOut } from '../../support/ollama-server.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

const model = 'deepseek-coder:7b';
const messages = [{ role: 'user', content: 'Say hello.' }];
const options = { num_predict: 8, seed: 7, temperature: 0 };

describe.runIf(available)('the client of npm, with another address', () => {
  let service: LorekeepBeforeOllama;
  let client: Ollama;

  beforeAll(async () => {
    service = await startLorekeepBeforeOllama();
    client = new Ollama({ host: service.url });
  });

  afterAll(() => service.close());

  it('chats with a model by the name that it asked for', async () => {
    const answer = await client.chat({ model, messages, options });
    expect(answer).toMatchObject({ model, message: { role: 'assistant' }, done: true, done_reason: 'length' });
    expect(answer.message.content).not.toBe('');
    expect(answer.eval_count).toBe(8);
  });

  it('streams the same text', async () => {
    const whole = await client.chat({ model, messages, options });
    const pieces = [];
    for await (const part of await client.chat({ model, messages, options, stream: true })) pieces.push(part);
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.map(({ message }) => message.content).join('')).toBe(whole.message.content);
    expect(pieces.at(-1)).toMatchObject({ model, done: true, eval_count: 8 });
  });

  it('completes text, and goes on where it ended', async () => {
    const first = await client.generate({ model, prompt: 'Say hello.', options });
    expect(first).toMatchObject({ model, done: true, context: expect.arrayContaining([expect.any(Number)]) });
    const next = await client.generate({ model, prompt: 'Again.', context: first.context, options, stream: true });
    let last = null;
    for await (const part of next) last = part;
    expect(last?.context?.slice(0, first.context.length)).toEqual(first.context);
  });

  it('fills a hole though the template of the model has none', async () => {
    const answer = await client.generate({ model, prompt: 'def add(a, b):\n    return ', suffix: '\n', options });
    expect(answer).toMatchObject({ model, done: true });
  });

  it('gets an answer that follows a schema', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const asked = { model, messages, format: schema, options: { ...options, num_predict: 60 } };
    const { message } = await client.chat(asked);
    expect(JSON.parse(message.content)).toEqual({ n: expect.any(Number) });
  });

  it('embeds texts, in both ways', async () => {
    const { embeddings } = await client.embed({ model: 'all-minilm', input: ['one', 'two'] });
    expect(embeddings.map((vector) => vector.length)).toEqual([384, 384]);
    const { embedding } = await client.embeddings({ model: 'all-minilm', prompt: 'one' });
    expect(Math.hypot(...embedding)).toBeGreaterThan(1.5);
    expect(embedding[0]! / Math.hypot(...embedding)).toBeCloseTo(embeddings[0]![0]!, 4);
  });

  it('lists and shows models and what is loaded, the alias among them', async () => {
    const { models } = await client.list();
    expect(models.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['deepseek-coder:6.7b', model, 'all-minilm:latest', 'smollm2:135m']),
    );
    const shown = await client.show({ model });
    expect(shown).toMatchObject({ details: { family: 'llama' }, capabilities: expect.arrayContaining(['completion']) });
    expect(shown.model_info).toMatchObject({ 'general.architecture': 'llama', 'llama.context_length': 8_192 });
    const { models: running } = await client.ps();
    expect(running.map(({ name }) => name)).toContain('all-minilm:latest');
    expect(await client.version()).toEqual({ version: '0.11.4' });
  });

  it('stops the answer when it aborts', async () => {
    const stream = await client.chat({ model, messages, options: { num_predict: 2_000 }, stream: true });
    const ended = service.nextEnd();
    const read = async (): Promise<void> => {
      for await (const _ of stream) stream.abort();
    };
    await expect(read()).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    await ended;
  });

  it.each([
    ['a model that is not there', { model: 'nope' }, 404],
    ['tools for a model that has none', { tools: [{ type: 'function', function: { name: 'f' } }] }, 400],
    ['a wrong option', { options: { temperature: 'hot' } }, 400],
    ['thoughts of a model that has none', { think: true }, 400],
  ])('gets the status of an error: %s', async (_, fields, status) => {
    for (const stream of [true, false]) {
      const asked = { model, messages, ...fields, stream } as unknown as Parameters<typeof client.chat>[0];
      await expect(client.chat(asked)).rejects.toThrow(expect.objectContaining({ status_code: status }));
    }
  });

  it('hears that the server is gone in the middle of an answer, and before one', async () => {
    const stream = await client.chat({ model, messages, options: { num_predict: 4_000 }, stream: true });
    const stopped: Promise<void>[] = [];
    const read = async (): Promise<void> => {
      for await (const _ of stream) if (stopped.length === 0) stopped.push(service.stopOllama());
    };
    await expect(read()).rejects.toThrow(/model server/i);
    await Promise.all(stopped);
    await expect(client.chat({ model, messages })).rejects.toThrow(expect.objectContaining({ status_code: 503 }));
  });
});

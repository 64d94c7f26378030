import { describe, expect, it } from 'vitest';
import type { GenerationEvent } from '../../../src/core/generation.ts';
import { createOllamaClient } from '../../../src/model/ollama/ollama-client.ts';
import { OllamaGenerator } from '../../../src/model/ollama/ollama-generator.ts';
import { PromptSpeed } from '../../../src/model/prompt-speed.ts';
import { inMemoryPromptSpeed } from '../../support/in-memory-prompt-speed.ts';
import { chatLine, lastLine, sendLines, startFakeOllama } from '../../support/fake-ollama.ts';
import type { FakeAnswer, FakeServer } from '../../support/fake-server.ts';

function generatorOf(
  server: FakeServer,
  options: { maxContextTokens?: number; allowedHosts?: readonly string[] } = {},
): OllamaGenerator {
  const client = createOllamaClient({ modelUrl: server.url, allowedHosts: options.allowedHosts ?? [] });
  const { maxContextTokens } = options;
  return new OllamaGenerator(client, {
    model: 'tiny',
    promptSpeed: new PromptSpeed(inMemoryPromptSpeed()),
    ...(maxContextTokens === undefined ? {} : { maxContextTokens }),
  });
}

async function run(generator: OllamaGenerator, prompt: string, contextTokens = 3_000): Promise<GenerationEvent[]> {
  const events: GenerationEvent[] = [];
  const request = { messages: [{ role: 'user', content: prompt } as const], maxTokens: 50, contextTokens };
  for await (const event of generator.generate(request)) events.push(event);
  return events;
}

function chatBodies(server: FakeServer): readonly Readonly<Record<string, unknown>>[] {
  return server.seen.filter(({ path }) => path === '/api/chat').map(({ body }) => body);
}

/** An answer of a server that read `tokens` in `seconds`. */
function answering(tokens: number, seconds: number, more: object = {}): FakeAnswer {
  return (response) =>
    sendLines(response, [
      chatLine('Yes'),
      lastLine({ prompt_eval_count: tokens, prompt_eval_duration: seconds * 1e9, ...more }),
    ]);
}

describe('OllamaGenerator', () => {
  it('streams text and ends with the counts', async () => {
    await using server = await startFakeOllama({ '/api/chat': answering(3, 1) });
    expect(await run(generatorOf(server), 'Is it?')).toEqual([
      { type: 'text', text: 'Yes' },
      { type: 'done', promptTokens: 3, outputTokens: 3, truncated: false },
    ]);
  });

  it('tells an answer that was stopped for its length', async () => {
    await using server = await startFakeOllama({ '/api/chat': answering(3, 1, { done_reason: 'length' }) });
    expect((await run(generatorOf(server), 'Is it?')).at(-1)).toMatchObject({ truncated: true });
  });

  it('asks for few context sizes, within the bounds of model and option, and for no cutting', async () => {
    await using server = await startFakeOllama({ '/api/chat': answering(3, 1) });
    for (const needed of [100, 4_000, 4_097, 8_000, 50_000]) await run(generatorOf(server), 'Is it?', needed);
    await run(generatorOf(server, { maxContextTokens: 3_000 }), 'Is it?', 4_000);
    const bodies = chatBodies(server);
    expect(bodies.map((body) => (body['options'] as { num_ctx: number }).num_ctx)).toEqual([
      4_096, 4_096, 8_192, 8_192, 8_192, 3_000,
    ]);
    expect(bodies[0]).toMatchObject({ truncate: false, shift: false, stream: true, options: { num_predict: 50 } });
    expect(bodies[0]).not.toHaveProperty('think');
  });

  it('switches thinking off where the model can think', async () => {
    await using server = await startFakeOllama({
      '/api/chat': answering(3, 1),
      '/api/show': { capabilities: ['thinking'] },
    });
    await run(generatorOf(server), 'Is it?');
    expect(chatBodies(server)).toMatchObject([{ think: false }]);
  });

  it('describes the model, and its reading speed once it is measured', async () => {
    await using server = await startFakeOllama({ '/api/chat': answering(1_000, 5) });
    const generator = generatorOf(server, { maxContextTokens: 6_000 });
    const info = { model: 'tiny', host: server.url.slice('http://'.length), contextTokens: 6_000, notices: [] };
    expect(await generator.describe()).toEqual({ ...info, promptTokensPerSecond: null });
    await run(generator, 'word '.repeat(1_000));
    expect(await generator.describe()).toEqual({ ...info, promptTokensPerSecond: 200 });
  });

  it('takes no speed from a prompt that begins like the one before', async () => {
    let seconds = 10;
    await using server = await startFakeOllama({
      '/api/chat': (...args) => (answering(1_000, seconds) as (...all: typeof args) => void)(...args),
    });
    const generator = generatorOf(server);
    await run(generator, `${'word '.repeat(1_000)}one?`);
    seconds = 0.1;
    await run(generator, `${'word '.repeat(1_000)}two?`);
    expect((await generator.describe()).promptTokensPerSecond).toBe(100);
  });

  it('says so when the server has read far less than it was sent', async () => {
    await using server = await startFakeOllama({ '/api/chat': answering(2_050, 5) });
    const events = await run(generatorOf(server), 'word '.repeat(7_000), 8_192);
    expect(events).toContainEqual({
      type: 'notice',
      notice: expect.stringMatching(/read only 2050 of about \d+ tokens/),
    });
  });

  it('says nothing of the kind when the count is only lower than the estimate', async () => {
    await using server = await startFakeOllama({ '/api/chat': answering(3_200, 5) });
    const events = await run(generatorOf(server), '证据'.repeat(2_500), 8_192);
    expect(events.map(({ type }) => type)).toEqual(['text', 'done']);
  });

  it('asks before every answer where the model runs', async () => {
    let forwarded = false;
    const show: FakeAnswer = (response) =>
      sendLines(response, [forwarded ? { remote_host: 'https://ollama.com:443' } : {}]);
    await using server = await startFakeOllama({ '/api/chat': answering(3, 1), '/api/show': show });
    const generator = generatorOf(server);
    await run(generator, 'Is it?');
    forwarded = true;
    await expect(run(generator, 'Is it?')).rejects.toMatchObject({ code: 'forbidden' });
    expect(chatBodies(server)).toHaveLength(1);
  });

  it('carries a notice for a model on another machine that is allowed', async () => {
    await using server = await startFakeOllama({ '/api/show': { remote_host: 'https://ollama.com:443' } });
    const info = await generatorOf(server, { allowedHosts: ['ollama.com'] }).describe();
    expect(info).toMatchObject({
      host: 'ollama.com:443',
      notices: [expect.stringContaining('sent to ollama.com:443')],
    });
  });
});

import { describe, expect, it } from 'vitest';
import type { GenerationEvent } from '../../../src/core/generation.ts';
import { PromptSpeed } from '../../../src/model/prompt-speed.ts';
import { ServerGenerator } from '../../../src/model/server-generator.ts';
import type { OllamaServerOptions } from '../../../src/model/ollama/ollama-server.ts';
import { inMemoryPromptSpeed } from '../../support/in-memory-prompt-speed.ts';
import { chatLine, lastLine, sendLines, startFakeOllama } from '../../support/fake-ollama.ts';
import type { FakeAnswer, FakeServer } from '../../support/fake-server.ts';
import { ollamaOf } from '../../support/ollama-of.ts';

function generatorOf(server: FakeServer, options: Partial<OllamaServerOptions> = {}): ServerGenerator {
  return new ServerGenerator(ollamaOf(server.url, options), {
    model: 'tiny',
    promptSpeed: new PromptSpeed(inMemoryPromptSpeed()),
  });
}

async function run(generator: ServerGenerator, prompt: string): Promise<GenerationEvent[]> {
  const events: GenerationEvent[] = [];
  const request = { messages: [{ role: 'user', content: prompt } as const], maxTokens: 50 };
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

describe('a generator on a server', () => {
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

  it('asks for one size of window, within the bounds of model and option, and for no cutting', async () => {
    await using server = await startFakeOllama({ '/api/chat': answering(3, 1) });
    const generator = generatorOf(server);
    for (const length of [1, 10_000]) await run(generator, 'Is it? '.repeat(length));
    await run(generatorOf(server, { maxWindowTokens: 3_000 }), 'Is it?');
    const bodies = chatBodies(server);
    expect(bodies.map((body) => (body['options'] as { num_ctx: number }).num_ctx)).toEqual([8_192, 8_192, 3_000]);
    expect(bodies[0]).toMatchObject({
      truncate: false,
      shift: false,
      stream: true,
      keep_alive: '30m',
      options: { num_predict: 50, temperature: 0.1, seed: 7 },
    });
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
    const generator = generatorOf(server, { maxWindowTokens: 6_000 });
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
    const events = await run(generatorOf(server), 'word '.repeat(7_000));
    expect(events).toContainEqual({
      type: 'notice',
      notice: expect.stringMatching(/read only 2050 of about \d+ tokens/),
    });
  });

  it('says nothing of the kind when the count is only lower than the estimate', async () => {
    await using server = await startFakeOllama({ '/api/chat': answering(3_200, 5) });
    const events = await run(generatorOf(server), '证据'.repeat(2_500));
    expect(events.map(({ type }) => type)).toEqual(['text', 'done']);
  });

  it('notices before an answer that the name means a model elsewhere by now', async () => {
    let forwarded = false;
    let time = 0;
    const show: FakeAnswer = (response) =>
      sendLines(response, [forwarded ? { remote_host: 'https://ollama.com:443' } : {}]);
    const tags: FakeAnswer = (response) =>
      sendLines(response, [{ models: [{ name: 'tiny:latest', digest: forwarded ? 'd2' : 'd1' }] }]);
    await using server = await startFakeOllama({
      '/api/chat': answering(3, 1),
      '/api/show': show,
      '/api/tags': tags,
    });
    const generator = generatorOf(server, { now: () => time });
    await run(generator, 'Is it?');
    forwarded = true;
    time += 10_000;
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

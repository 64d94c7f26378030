import { embedMany, generateText, Output, streamText, tool } from 'ai';
import type { ToolSet } from 'ai';
import { createOllama } from 'ai-sdk-ollama';
import type { OllamaProvider } from 'ai-sdk-ollama';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { doneOf, fakeGateway } from '../../support/fake-gateway.ts';
import { collect } from '../../support/collect.ts';
import type { LorekeepBeforeOllama } from '../../support/lorekeep-before-ollama.ts';
import { startLorekeepBeforeOllama } from '../../support/lorekeep-before-ollama.ts';
import { serveOllama } from '../../support/ollama-routes.ts';
import { isOllamaSetUp, ollamaLeftOut } from '../../support/ollama-server.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

const asked = { prompt: 'Say hello.', maxOutputTokens: 8, temperature: 0, seed: 7, maxRetries: 0 };

describe.runIf(available)('the AI SDK, with another address', () => {
  let service: LorekeepBeforeOllama;
  let provider: OllamaProvider;

  beforeAll(async () => {
    service = await startLorekeepBeforeOllama();
    provider = createOllama({ baseURL: service.url });
  });

  afterAll(() => service.close());

  it('generates text, whole and in pieces', async () => {
    const model = provider('deepseek-coder:7b');
    const whole = await generateText({ ...asked, model });
    expect(whole.text).not.toBe('');
    expect(whole.usage.outputTokens).toBe(8);
    const pieces = await collect(streamText({ ...asked, model }).textStream);
    expect(pieces.join('')).toBe(whole.text);
  });

  it('gets an answer in a structure', async () => {
    const model = provider('deepseek-coder:7b');
    const output = Output.object({ schema: z.object({ n: z.number() }) });
    const answer = await generateText({ ...asked, model, maxOutputTokens: 60, output });
    expect(answer.output).toEqual({ n: expect.any(Number) });
  });

  it('embeds texts', async () => {
    const model = provider.embedding('all-minilm');
    const { embeddings } = await embedMany({ model, values: ['one', 'two'] });
    expect(embeddings.map((vector) => vector.length)).toEqual([384, 384]);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const ended = service.nextEnd();
    const model = provider('deepseek-coder:7b');
    const { textStream } = streamText({ ...asked, model, maxOutputTokens: 2_000, abortSignal: stop.signal });
    let pieces = 0;
    for await (const _ of textStream) {
      pieces += 1;
      stop.abort();
    }
    await ended;
    expect(pieces).toBeLessThan(100);
  });

  it('hears that there is no such model', async () => {
    await expect(generateText({ ...asked, model: provider('nope') })).rejects.toThrow(/nope|not found/);
  });
});

describe('the AI SDK, with tools', () => {
  it('gets a call', async () => {
    const call = { id: 'call_1', name: 'read', arguments: { path: 'a.ts' } };
    const gateway = fakeGateway({ events: [{ type: 'delta', text: '', toolCalls: [call] }, doneOf()] });
    const server = await serveOllama(gateway);
    const tools = { read: tool({ description: 'Reads a file.', inputSchema: z.object({ path: z.string() }) }) };
    const model = createOllama({ baseURL: server.url })('deepseek-coder:6.7b');
    // The types of the two packages do not agree where optional fields are exact.
    const { toolCalls } = await generateText({ ...asked, model, tools: tools as unknown as ToolSet });
    await server.close();
    expect(toolCalls).toEqual([expect.objectContaining({ toolName: 'read', input: { path: 'a.ts' } })]);
  });
});

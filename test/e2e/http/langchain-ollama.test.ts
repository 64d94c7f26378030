import { HumanMessage } from '@langchain/core/messages';
import { ChatOllama, OllamaEmbeddings } from '@langchain/ollama';
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

const settings = { model: 'deepseek-coder:7b', temperature: 0, seed: 7, numPredict: 8, maxRetries: 0 };

describe.runIf(available)('LangChain, with another address', () => {
  let service: LorekeepBeforeOllama;

  beforeAll(async () => {
    service = await startLorekeepBeforeOllama();
  });

  afterAll(() => service.close());

  it('asks for an answer, whole or in pieces', async () => {
    const model = new ChatOllama({ ...settings, baseUrl: service.url });
    const whole = await model.invoke('Say hello.');
    expect(whole.content).not.toBe('');
    expect(whole.usage_metadata).toMatchObject({ output_tokens: 8 });
    const pieces = await collect(await model.stream('Say hello.'));
    expect(pieces.map(({ text }) => text).join('')).toBe(whole.text);
  });

  it('finds the model in the list before it asks', async () => {
    const model = new ChatOllama({ ...settings, baseUrl: service.url, checkOrPullModel: true });
    expect((await model.invoke('Say hello.')).content).not.toBe('');
  });

  it('gets an answer in a structure', async () => {
    const model = new ChatOllama({ ...settings, numPredict: 60, baseUrl: service.url });
    const structured = model.withStructuredOutput(z.object({ n: z.number().int() }), { method: 'jsonSchema' });
    expect(await structured.invoke('Give a number.')).toEqual({ n: expect.any(Number) });
  });

  it('embeds texts, and refuses one that is too long', async () => {
    const embeddings = new OllamaEmbeddings({ model: 'all-minilm', baseUrl: service.url, maxRetries: 0 });
    const vectors = await embeddings.embedDocuments(['one', 'two']);
    expect(vectors.map((vector) => vector.length)).toEqual([384, 384]);
    expect(await embeddings.embedQuery('one')).toHaveLength(384);
    await expect(embeddings.embedQuery('word '.repeat(900))).rejects.toThrow(/length|context/i);
  });

  it('stops when it is told to', async () => {
    const model = new ChatOllama({ ...settings, numPredict: 2_000, baseUrl: service.url });
    const stop = new AbortController();
    const ended = service.nextEnd();
    const read = async (): Promise<void> => {
      for await (const _ of await model.stream('Say hello.', { signal: stop.signal })) stop.abort();
    };
    await expect(read()).rejects.toThrow(/abort/i);
    await ended;
  });

  it('hears that there is no such model', async () => {
    const model = new ChatOllama({ ...settings, model: 'nope', baseUrl: service.url });
    await expect(model.invoke('Say hello.')).rejects.toThrow(expect.objectContaining({ status_code: 404 }));
  });
});

describe('LangChain, with tools', () => {
  it('gets calls, and sends what they gave', async () => {
    const call = { id: 'call_1', name: 'read', arguments: { path: 'a.ts' } };
    const events = [{ type: 'delta', text: '', toolCalls: [call] } as const, doneOf()];
    const gateway = fakeGateway({ events });
    const server = await serveOllama(gateway);
    const read = { name: 'read', description: 'Reads a file.', schema: z.object({ path: z.string() }) };
    const model = new ChatOllama({ ...settings, baseUrl: server.url }).bindTools([read]);
    const question = new HumanMessage('What is in a.ts?');
    const answer = await model.invoke([question]);
    expect(answer.tool_calls).toEqual([expect.objectContaining({ name: 'read', args: { path: 'a.ts' } })]);
    await model.invoke([question, answer, { role: 'tool', content: 'nothing', tool_call_id: 'call_1' }]);
    await server.close();
    expect(gateway.calls.at(-1)?.arguments[0]).toMatchObject({
      call: {
        tools: [{ type: 'function', function: { name: 'read' } }],
        messages: [
          { role: 'user' },
          { role: 'assistant', toolCalls: [{ name: 'read', arguments: { path: 'a.ts' } }] },
          { role: 'tool', content: 'nothing' },
        ],
      },
    });
  });
});

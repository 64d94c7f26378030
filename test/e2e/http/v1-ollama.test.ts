import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fakeGateway, testKey } from '../../support/fake-gateway.ts';
import { firstCallStopped } from '../../support/first-call-stopped.ts';
import { serveParts } from '../../support/http-server.ts';
import { ollamaOf } from '../../support/ollama-of.ts';
import { isOllamaSetUp, ollamaLeftOut, startOllama } from '../../support/ollama-server.ts';
import type { OllamaServer } from '../../support/ollama-server.ts';
import { passThroughGateway } from '../../support/pass-through-gateway.ts';
import { v1Protocols } from '../../support/v1-app.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

const model = 'smollm2:135m';
const messages = [{ role: 'user' as const, content: 'Say hello.' }];

describe.runIf(available)('OpenAI and Anthropic clients of a real Ollama', () => {
  let ollama: OllamaServer | null = null;

  beforeAll(async () => {
    ollama = await startOllama();
  });

  afterAll(async () => {
    await ollama?.stop();
  });

  async function serve() {
    const server = ollamaOf(ollama?.url ?? '', { newId: () => crypto.randomUUID() });
    const gateway = fakeGateway({ methods: passThroughGateway(server) });
    const { url } = await serveParts({ gateway }, { protocols: v1Protocols() });
    return { openai: new OpenAI({ baseURL: `${url}/v1`, apiKey: testKey, maxRetries: 0 }), url, gateway };
  }

  test('chat, whole and streamed, is the same with a seed', async () => {
    const { openai } = await serve();
    const body = { model, messages, seed: 7, temperature: 0, max_completion_tokens: 12 };
    const whole = await openai.chat.completions.create(body);
    expect(whole.choices[0]?.message.content).toMatch(/\S/);
    expect(whole.usage?.completion_tokens).toBeLessThanOrEqual(12);
    const streamed = await openai.chat.completions.stream(body).finalChatCompletion();
    expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
  });

  test('an answer is cut off where it was told to be, in all three protocols', async () => {
    const { openai, url } = await serve();
    const chat = await openai.chat.completions.create({ model, messages, max_completion_tokens: 2 });
    expect(chat.choices[0]?.finish_reason).toBe('length');
    const response = await openai.responses.create({ model, input: 'Count to 100.', max_output_tokens: 2 });
    expect(response.incomplete_details?.reason).toBe('max_output_tokens');
    const anthropic = new Anthropic({ baseURL: url, apiKey: testKey });
    const message = await anthropic.messages.stream({ model, messages, max_tokens: 2 }).finalMessage();
    expect(message.stop_reason).toBe('max_tokens');
    expect(message.usage.input_tokens).toBeGreaterThan(5);
  });

  test('an answer follows a schema', async () => {
    const { openai } = await serve();
    const format = zodResponseFormat(z.object({ city: z.enum(['Bern', 'Rom']) }), 'place');
    const completion = await openai.chat.completions.parse({ model, messages, response_format: format });
    expect(['Bern', 'Rom']).toContain(completion.choices[0]?.message.parsed?.city);
  });

  test.each([1, 2])('a model that knows no functions calls one that is asked for, of %i', async (count) => {
    const { openai } = await serve();
    const parameters = { type: 'object', properties: { city: { enum: ['Bern', 'Rom'] } }, required: ['city'] };
    const tools = ['weather', 'population'].slice(0, count).map((name) => ({
      type: 'function' as const,
      function: { name, description: `The ${name} of a city.`, parameters },
    }));
    const asking = { model, messages, tools, tool_choice: 'required' as const, max_tokens: 60, temperature: 0 };
    const { choices } = await openai.chat.completions.create(asking);
    const [call] = choices[0]?.message.tool_calls ?? [];
    expect(call).toMatchObject({
      type: 'function',
      function: { name: expect.stringMatching(/^(weather|population)$/), arguments: expect.stringMatching(/Bern|Rom/) },
    });
  });

  test('text is completed, and texts are embedded', async () => {
    const { openai } = await serve();
    const completion = await openai.completions.create({ model, prompt: 'The sky is', max_tokens: 4 });
    expect(completion.choices[0]?.text).toMatch(/\S/);
    const { data } = await openai.embeddings.create({ model: 'all-minilm', input: ['sky', 'blue'] });
    const norm = data[0]?.embedding.reduce((sum, value) => sum + value * value, 0);
    expect([data.length, data[0]?.embedding.length]).toEqual([2, 384]);
    expect(norm).toBeCloseTo(1, 3);
  });

  test('too long a text is an error, and is cut only where that is asked for', async () => {
    const { openai } = await serve();
    const long = { model: 'all-minilm', input: 'sky '.repeat(3_000) };
    await expect(openai.embeddings.create(long)).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    const cut = { ...long, truncate: true };
    expect((await openai.embeddings.create(cut)).data).toHaveLength(1);
  });

  test('models are listed and described; one that is not there is not found', async () => {
    const { openai } = await serve();
    const names: string[] = [];
    for await (const { id } of openai.models.list()) names.push(id);
    expect(names).toContain('smollm2:135m');
    expect((await openai.models.retrieve('deepseek-coder:6.7b')).id).toBe('deepseek-coder:6.7b');
    await expect(openai.chat.completions.create({ model: 'gpt-9', messages })).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    );
  });

  test('thoughts that a model has none of are left out', async () => {
    const { url } = await serve();
    const anthropic = new Anthropic({ baseURL: url, apiKey: testKey });
    const thinking = { type: 'enabled' as const, budget_tokens: 1024 };
    const asking = anthropic.messages.create({ model, messages, max_tokens: 4, thinking });
    const { data, response } = await asking.withResponse();
    expect(data.content[0]?.type).toBe('text');
    expect(response.headers.get('x-lorekeep-notices')).toContain('does not think');
  });

  test('a stream that is given up ends the generation', async () => {
    const { openai, gateway } = await serve();
    const stream = await openai.chat.completions.create({ model, messages, max_tokens: 4_000, stream: true });
    let pieces = 0;
    for await (const _ of stream) {
      pieces += 1;
      if (pieces === 3) break;
    }
    await firstCallStopped(gateway);
    expect(pieces).toBe(3);
  });
});

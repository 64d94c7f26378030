import { HumanMessage } from '@langchain/core/messages';
import type { AIMessageChunk } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ServiceError } from '../../../src/core/errors.ts';
import type { ModelEvent } from '../../../src/core/gateway/model-server.ts';
import { doneOf, fakeGateway, testKey } from '../../support/fake-gateway.ts';
import type { FakeGatewayScript } from '../../support/fake-gateway.ts';
import { serveParts } from '../../support/http-server.ts';
import { v1Protocols } from '../../support/v1-app.ts';

async function urlOf(script: FakeGatewayScript = {}) {
  const gateway = fakeGateway(script);
  const { url } = await serveParts({ gateway }, { protocols: v1Protocols() });
  return { gateway, configuration: { baseURL: `${url}/v1` } };
}

async function chatOf(script: FakeGatewayScript = {}, useResponsesApi = false) {
  const { gateway, configuration } = await urlOf(script);
  const options = { model: 'deepseek-coder:6.7b', apiKey: testKey, maxRetries: 0, useResponsesApi };
  return { gateway, chat: new ChatOpenAI({ ...options, configuration }) };
}

const place = z.object({ city: z.string() });
const json: FakeGatewayScript = { events: [{ type: 'delta', text: '{"city":"Bern"}' }, doneOf()] };
const call = { id: 'call_1', name: 'weather', arguments: { city: 'Bern' } };

test.each([false, true])('invokes and streams (responses: %s)', async (useResponsesApi) => {
  const { chat } = await chatOf({}, useResponsesApi);
  const message = await chat.invoke('Where?');
  expect(message.text).toBe('Sessions open in the store [1].');
  expect(message.usage_metadata).toMatchObject({ input_tokens: 120, output_tokens: 7, total_tokens: 127 });
  let text = '';
  for await (const chunk of await chat.stream('Where?')) text += chunk.text;
  expect(text).toBe('Sessions open in the store [1].');
});

test.each(['jsonSchema', 'functionCalling', 'jsonMode'] as const)('structured output by %s', async (method) => {
  const { chat } = await chatOf(json);
  const structured = chat.withStructuredOutput(place, { method, name: 'place' });
  await expect(structured.invoke('Where? Answer as JSON.')).resolves.toEqual({ city: 'Bern' });
});

test('calls of functions, whole and streamed, and their thoughts', async () => {
  const events: ModelEvent[] = [
    { type: 'delta', text: '', thinking: 'Hm.' },
    { type: 'delta', text: '', toolCalls: [call] },
    doneOf(),
  ];
  const { chat, gateway } = await chatOf({ events });
  const weather = tool(({ city }) => `Rain in ${city}`, { name: 'weather', description: 'Weather.', schema: place });
  const bound = chat.bindTools([weather]);
  const message = await bound.invoke('Weather?');
  expect(message.tool_calls).toMatchObject([{ id: 'call_1', name: 'weather', args: { city: 'Bern' } }]);
  expect(message.additional_kwargs['reasoning_content']).toBe('Hm.');
  const stream = await bound.stream('Weather?');
  let whole: AIMessageChunk | undefined;
  for await (const chunk of stream) whole = whole?.concat(chunk) ?? chunk;
  expect(whole?.tool_calls).toMatchObject([{ id: 'call_1', name: 'weather', args: { city: 'Bern' } }]);
  const result = await weather.invoke({ ...message.tool_calls![0]!, type: 'tool_call' });
  await bound.invoke([new HumanMessage('Weather?'), message, result]);
  expect(gateway.calls.at(-1)?.arguments[0]).toMatchObject({
    call: { messages: [{}, { toolCalls: [call] }, { role: 'tool', content: 'Rain in Bern', toolCallId: 'call_1' }] },
  });
});

test('embeddings', async () => {
  const { configuration } = await urlOf();
  const embeddings = new OpenAIEmbeddings({ model: 'all-minilm', apiKey: testKey, configuration });
  const vectors = await embeddings.embedDocuments(['a', 'b']);
  expect(vectors.map((vector) => vector.length)).toEqual([2, 2]);
  expect((await embeddings.embedQuery('a'))[0]).toBeCloseTo(0.6);
});

test('a failure in mid-stream is thrown', async () => {
  const gone = new ServiceError('model_unavailable', 'Ollama has gone.');
  const { chat } = await chatOf({ events: [{ type: 'delta', text: 'A' }, gone] });
  const reading = (async () => {
    for await (const _ of await chat.stream('Where?')) continue;
  })();
  await expect(reading).rejects.toThrow('Ollama has gone.');
});

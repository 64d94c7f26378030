import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { ServiceError } from '../../../src/core/errors.ts';
import type { ModelEvent } from '../../../src/core/gateway/model-server.ts';
import { doneOf, fakeGateway, modelInfoOf, testKey } from '../../support/fake-gateway.ts';
import type { FakeGatewayScript } from '../../support/fake-gateway.ts';
import { firstCallStopped } from '../../support/first-call-stopped.ts';
import { serveParts } from '../../support/http-server.ts';
import { v1Protocols } from '../../support/v1-app.ts';

const model = 'deepseek-coder:6.7b';
const messages = [{ role: 'user' as const, content: 'Where are sessions opened?' }];
const weather = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const call = { id: 'call_1', name: 'weather', arguments: { city: 'Bern' } };

async function clientOf(script: FakeGatewayScript = {}, maxRetries = 0) {
  const gateway = fakeGateway(script);
  const { url } = await serveParts({ gateway }, { protocols: v1Protocols() });
  return { client: new OpenAI({ baseURL: `${url}/v1`, apiKey: testKey, maxRetries }), gateway, url };
}

function failing(code: ErrorCode, retryAfterSeconds?: number): FakeGatewayScript {
  const error = new ServiceError(code, `It is ${code}.`, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
  return { events: [error] };
}

describe('chat', () => {
  test('answers, with what was decided in the head', async () => {
    const { client } = await clientOf();
    const { data, response } = await client.chat.completions.create({ model, messages }).withResponse();
    expect(data.choices[0]?.message.content).toBe('Sessions open in the store [1].');
    expect(data.usage?.total_tokens).toBe(127);
    expect(response.headers.get('x-lorekeep-citations')).toBe('[1] src/session.ts:3-9');
  });

  test('streams', async () => {
    const { client } = await clientOf();
    const stream = await client.chat.completions.create({
      model,
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let last: OpenAI.ChatCompletionChunk | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      last = chunk;
    }
    expect(text).toBe('Sessions open in the store [1].');
    expect(last?.usage?.total_tokens).toBe(127);
  });

  test('streams through its helper, also with the decision in the last chunk', async () => {
    const { client } = await clientOf();
    const body = { model, messages, lorekeep: { project: 'shop', citations: true } };
    const stream = client.chat.completions.stream(body);
    const completion = await stream.finalChatCompletion();
    expect(completion).toMatchObject({ lorekeep: { route: 'hybrid' } });
  });

  test('calls a function, and answers with its result', async () => {
    const events: ModelEvent[] = [{ type: 'delta', text: '', toolCalls: [call] }, doneOf()];
    let turn = 0;
    const standard = fakeGateway({ events });
    const final = fakeGateway();
    const { client, gateway } = await clientOf({
      methods: {
        chat: (request, context) => ((turn += 1) === 1 ? standard : final).chat(request, context),
      },
    });
    const runner = client.chat.completions.runTools({
      model,
      messages,
      stream: true,
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            description: 'Weather of a city.',
            parameters: weather,
            parse: (text: string) => JSON.parse(text) as { city: string },
            function: ({ city }: { city: string }) => `Rain in ${city}`,
          },
        },
      ],
    });
    await expect(runner.finalContent()).resolves.toBe('Sessions open in the store [1].');
    expect(gateway.calls.at(-1)?.arguments[0]).toMatchObject({
      call: {
        messages: [
          {},
          { role: 'assistant', toolCalls: [call] },
          { role: 'tool', content: 'Rain in Bern', toolName: 'weather', toolCallId: 'call_1' },
        ],
        tools: [{ type: 'function', function: { name: 'weather' } }],
      },
    });
  });

  test('calls the function that was named, though the model knows no functions', async () => {
    const { client } = await clientOf({ events: [{ type: 'delta', text: '{"city":"Bern"}' }, doneOf()] });
    const completion = await client.chat.completions.create({
      model,
      messages,
      tools: [{ type: 'function', function: { name: 'weather', parameters: weather } }],
      tool_choice: { type: 'function', function: { name: 'weather' } },
    });
    expect(completion.choices[0]?.message.tool_calls).toMatchObject([
      { type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } },
    ]);
  });

  test('parses an answer that follows a schema', async () => {
    const { client, gateway } = await clientOf({ events: [{ type: 'delta', text: '{"city":"Bern"}' }, doneOf()] });
    const format = zodResponseFormat(z.object({ city: z.string() }), 'place');
    const completion = await client.chat.completions.parse({ model, messages, response_format: format });
    expect(completion.choices[0]?.message.parsed).toEqual({ city: 'Bern' });
    expect(gateway.calls[0]?.arguments[0]).toMatchObject({ call: { format: { properties: { city: {} } } } });
  });

  test('stops the generation when the client does', async () => {
    const { client, gateway } = await clientOf({ events: [{ type: 'delta', text: 'A' }, new Promise(() => {})] });
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content === 'A') stream.controller.abort();
    }
    await expect(firstCallStopped(gateway)).resolves.toBeUndefined();
  });
});

describe('errors', () => {
  test.each([
    ['request_invalid', OpenAI.BadRequestError],
    ['unauthorized', OpenAI.AuthenticationError],
    ['forbidden', OpenAI.PermissionDeniedError],
    ['model_missing', OpenAI.NotFoundError],
    ['rate_limited', OpenAI.RateLimitError],
    ['model_unavailable', OpenAI.InternalServerError],
    ['model_timeout', OpenAI.InternalServerError],
  ] as const)('%s has its own class', async (code, kind) => {
    const { client } = await clientOf(failing(code));
    for (const stream of [false, true]) {
      const asking = client.chat.completions.create({ model, messages, stream });
      await expect(asking).rejects.toBeInstanceOf(kind);
      await expect(asking).rejects.toThrow(`It is ${code}.`);
    }
  });

  test('a wrong key is refused', async () => {
    const { url } = await clientOf();
    const stranger = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'wrong', maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  });

  test('what fails in mid-stream is thrown where the client reads', async () => {
    const events = [{ type: 'delta' as const, text: 'A' }, new ServiceError('model_unavailable', 'Ollama has gone.')];
    const { client } = await clientOf({ events });
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    let text = '';
    const reading = (async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    })();
    await expect(reading).rejects.toThrow('Ollama has gone.');
    expect(text).toBe('A');
  });

  test('a client that is told to wait tries again', async () => {
    let tries = 0;
    const busy = fakeGateway(failing('rate_limited', 1));
    const free = fakeGateway();
    const methods: FakeGatewayScript['methods'] = {
      chat: (request, context) => ((tries += 1) === 1 ? busy : free).chat(request, context),
    };
    const { client } = await clientOf({ methods }, 2);
    const startedAt = performance.now();
    const completion = await client.chat.completions.create({ model, messages });
    expect(completion.choices[0]?.finish_reason).toBe('stop');
    expect(tries).toBe(2);
    expect(performance.now() - startedAt).toBeGreaterThan(900);
  });
});

describe('the rest of the protocol', () => {
  test('completes text, whole and streamed', async () => {
    const { client } = await clientOf();
    const body = { model, prompt: 'def f(', suffix: '\n' };
    const completion = await client.completions.create(body);
    expect(completion.choices[0]?.text).toBe('Sessions open in the store [1].');
    let text = '';
    for await (const chunk of await client.completions.create({ ...body, stream: true })) {
      text += chunk.choices[0]?.text ?? '';
    }
    expect(text).toBe('Sessions open in the store [1].');
  });

  test('embeds, in the base64 that the client asks for and in numbers', async () => {
    const { client } = await clientOf();
    const packed = await client.embeddings.create({ model: 'all-minilm', input: ['a', 'b'] });
    expect(packed.data.map(({ embedding }) => [...embedding])).toEqual([
      [Math.fround(0.6), Math.fround(0.8)],
      [Math.fround(0.6), Math.fround(0.8)],
    ]);
    const plain = await client.embeddings.create({ model: 'all-minilm', input: 'a', encoding_format: 'float' });
    expect(plain.data[0]?.embedding).toEqual([0.6, 0.8]);
  });

  test('lists models and finds one whose name has all the signs that names have', async () => {
    const name = 'hub/org/tiny:1b@shop';
    const { client } = await clientOf({ models: [modelInfoOf({ name })] });
    const names: string[] = [];
    for await (const { id } of client.models.list()) names.push(id);
    expect(names).toEqual([name]);
    expect((await client.models.retrieve(name)).id).toBe(name);
  });
});

describe('responses', () => {
  const input = 'Where are sessions opened?';

  test('answers', async () => {
    const { client } = await clientOf();
    const response = await client.responses.create({ model, input });
    expect(response.output_text).toBe('Sessions open in the store [1].');
    expect(response.status).toBe('completed');
  });

  test('streams thoughts, text and calls, put together by its helper', async () => {
    const events: ModelEvent[] = [
      { type: 'delta', text: '', thinking: 'Hm.' },
      { type: 'delta', text: 'I ' },
      { type: 'delta', text: 'look.', toolCalls: [call] },
      doneOf(),
    ];
    const { client } = await clientOf({ events });
    const stream = client.responses.stream({ model, input, tools: [] });
    let text = '';
    stream.on('response.output_text.delta', ({ delta }) => (text += delta));
    const response = await stream.finalResponse();
    expect(text).toBe('I look.');
    expect(response.output_text).toBe('I look.');
    expect(response.output.map(({ type }) => type)).toEqual(['reasoning', 'message', 'function_call']);
    expect(response.output[2]).toMatchObject({ call_id: 'call_1', name: 'weather', arguments: '{"city":"Bern"}' });
  });

  test('takes its own output back with the result of a call', async () => {
    const events: ModelEvent[] = [{ type: 'delta', text: 'I look.', toolCalls: [call] }, doneOf()];
    const { client, gateway } = await clientOf({ events });
    const { output } = await client.responses.create({ model, input });
    const answer = { type: 'function_call_output' as const, call_id: 'call_1', output: 'Rain' };
    await client.responses.create({
      model,
      input: [{ role: 'user', content: input }, ...(output as OpenAI.Responses.ResponseInputItem[]), answer],
    });
    expect(gateway.calls.at(-1)?.arguments[0]).toMatchObject({
      call: {
        messages: [
          { role: 'user', content: input },
          { role: 'assistant', content: 'I look.', toolCalls: [call] },
          { role: 'tool', content: 'Rain', toolName: 'weather', toolCallId: 'call_1' },
        ],
      },
    });
  });

  test('parses an answer that follows a schema', async () => {
    const { client } = await clientOf({ events: [{ type: 'delta', text: '{"city":"Bern"}' }, doneOf()] });
    const format = zodTextFormat(z.object({ city: z.string() }), 'place');
    const response = await client.responses.parse({ model, input, text: { format } });
    expect(response.output_parsed).toEqual({ city: 'Bern' });
  });

  test('a failure in mid-stream is the last event', async () => {
    const events = [{ type: 'delta' as const, text: 'A' }, new ServiceError('model_unavailable', 'Ollama has gone.')];
    const { client } = await clientOf({ events });
    const types: string[] = [];
    for await (const event of await client.responses.create({ model, input, stream: true })) types.push(event.type);
    expect(types.at(-1)).toBe('response.failed');
  });

  test('a kept response is not to be had', async () => {
    const { client } = await clientOf();
    const asking = client.responses.create({ model, input, previous_response_id: 'resp_1' });
    await expect(asking).rejects.toThrow('send the whole conversation in "input"');
  });
});

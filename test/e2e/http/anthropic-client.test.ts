import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { ServiceError } from '../../../src/core/errors.ts';
import type { ModelEvent } from '../../../src/core/gateway/model-server.ts';
import { doneOf, fakeGateway, testKey } from '../../support/fake-gateway.ts';
import type { FakeGatewayScript } from '../../support/fake-gateway.ts';
import { firstCallStopped } from '../../support/first-call-stopped.ts';
import { serveParts } from '../../support/http-server.ts';
import { v1Protocols } from '../../support/v1-app.ts';

const body = { model: 'm', max_tokens: 64, messages: [{ role: 'user' as const, content: 'Where?' }] };
const tools = [{ name: 'list', input_schema: { type: 'object' as const, properties: { path: { type: 'string' } } } }];
const events: ModelEvent[] = [
  { type: 'delta', text: '', thinking: 'Hm.' },
  { type: 'delta', text: 'I ' },
  { type: 'delta', text: 'look.', toolCalls: [{ id: 'call_1', name: 'list', arguments: { path: 'src' } }] },
  doneOf(),
];

async function clientOf(script: FakeGatewayScript = {}, maxRetries = 0) {
  const gateway = fakeGateway(script);
  const { url } = await serveParts({ gateway }, { protocols: v1Protocols() });
  return { client: new Anthropic({ baseURL: url, apiKey: testKey, maxRetries }), gateway };
}

test('a message', async () => {
  const { client } = await clientOf();
  const { data, response } = await client.messages.create(body).withResponse();
  expect(data.content).toEqual([{ type: 'text', text: 'Sessions open in the store [1].' }]);
  expect(data.stop_reason).toBe('end_turn');
  expect(data.usage).toMatchObject({ input_tokens: 120, output_tokens: 7 });
  expect(response.headers.get('request-id')).toBe('id-1');
  expect(response.headers.get('x-lorekeep-route')).toBe('hybrid');
});

test('a stream, put together by the helper', async () => {
  const { client } = await clientOf({ events });
  const stream = client.messages.stream({ ...body, tools });
  let text = '';
  stream.on('text', (delta) => (text += delta));
  const message = await stream.finalMessage();
  expect(text).toBe('I look.');
  expect(message.content).toMatchObject([
    { type: 'thinking', thinking: 'Hm.' },
    { type: 'text', text: 'I look.' },
    { type: 'tool_use', id: 'call_1', name: 'list', input: { path: 'src' } },
  ]);
  expect(message.stop_reason).toBe('tool_use');
  expect(message.usage).toMatchObject({ input_tokens: 120, output_tokens: 7 });
});

test('a call and its result, as the client sends them back', async () => {
  const { client, gateway } = await clientOf({ events });
  const { content } = await client.messages.create({ ...body, tools });
  await client.messages.create({
    ...body,
    tools,
    system: [{ type: 'text', text: 'Be short.', cache_control: { type: 'ephemeral' } }],
    messages: [
      ...body.messages,
      { role: 'assistant', content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'a.ts' }] },
    ],
  });
  expect(gateway.calls.at(-1)?.arguments[0]).toMatchObject({
    call: {
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'Where?' },
        { role: 'assistant', content: 'I look.', thinking: 'Hm.', toolCalls: [{ id: 'call_1', name: 'list' }] },
        { role: 'tool', content: 'a.ts', toolName: 'list', toolCallId: 'call_1' },
      ],
      tools: [{ type: 'function', function: { name: 'list' } }],
    },
  });
});

test('tokens are counted, and models are listed in this form', async () => {
  const { client } = await clientOf();
  await expect(client.messages.countTokens({ model: 'm', messages: body.messages })).resolves.toMatchObject({
    input_tokens: 5,
  });
  const names: string[] = [];
  for await (const { id, type } of client.models.list()) names.push(`${type} ${id}`);
  expect(names).toEqual(['model deepseek-coder:6.7b']);
  expect((await client.models.retrieve('deepseek-coder:6.7b')).display_name).toBe('deepseek-coder:6.7b');
});

test('the generation stops when the client does', async () => {
  const { client, gateway } = await clientOf({ events: [{ type: 'delta', text: 'A' }, new Promise(() => {})] });
  const stream = client.messages.stream(body);
  stream.on('text', () => stream.abort());
  await expect(stream.done()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
  await expect(firstCallStopped(gateway)).resolves.toBeUndefined();
});

describe('errors', () => {
  test.each([
    ['request_invalid', Anthropic.BadRequestError, 'invalid_request_error'],
    ['unauthorized', Anthropic.AuthenticationError, 'authentication_error'],
    ['forbidden', Anthropic.PermissionDeniedError, 'permission_error'],
    ['model_missing', Anthropic.NotFoundError, 'not_found_error'],
    ['rate_limited', Anthropic.RateLimitError, 'rate_limit_error'],
    ['model_unavailable', Anthropic.InternalServerError, 'overloaded_error'],
    ['internal', Anthropic.InternalServerError, 'api_error'],
  ] as const)('%s has its own class', async (code: ErrorCode, kind, type) => {
    const { client } = await clientOf({ events: [new ServiceError(code, `It is ${code}.`)] });
    const error: unknown = await client.messages.create(body).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect((error as InstanceType<typeof Anthropic.APIError>).type).toBe(type);
  });

  test('what fails in mid-stream is thrown', async () => {
    const gone = new ServiceError('model_unavailable', 'Ollama has gone.');
    const { client } = await clientOf({ events: [{ type: 'delta', text: 'A' }, gone] });
    await expect(client.messages.stream(body).finalMessage()).rejects.toThrow('Ollama has gone.');
  });
});

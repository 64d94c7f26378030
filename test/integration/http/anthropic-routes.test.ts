import { expect, test } from 'vitest';
import type { ModelEvent } from '../../../src/core/gateway/model-server.ts';
import { ServiceError } from '../../../src/core/errors.ts';
import { doneOf } from '../../support/fake-gateway.ts';
import { v1App } from '../../support/v1-app.ts';

const ask = { model: 'm', max_tokens: 64, messages: [{ role: 'user', content: 'Where?' }] };
const listCall = { id: 'call_1', name: 'list', arguments: { path: 'src' } };
const events: ModelEvent[] = [
  { type: 'delta', text: '', thinking: 'Hm.' },
  { type: 'delta', text: 'I ' },
  { type: 'delta', text: 'look.', toolCalls: [listCall] },
  doneOf(),
];
const list = { name: 'list', input_schema: { type: 'object', properties: {} } };

test('a message holds thoughts, text and calls as blocks', async () => {
  const reply = await v1App({ events }).post('/v1/messages', { ...ask, lorekeep: {} });
  expect(reply.json()).toEqual({
    id: 'msg_id-2',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [
      { type: 'thinking', thinking: 'Hm.', signature: '' },
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', id: 'call_1', name: 'list', input: { path: 'src' } },
    ],
    stop_reason: 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 120, output_tokens: 7, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    lorekeep: expect.objectContaining({ route: 'hybrid' }),
  });
  expect(reply.headers.get('request-id')).toBe('id-1');
  expect(reply.headers.get('x-lorekeep-route')).toBe('hybrid');
});

test('the events of a stream come in the order of the protocol', async () => {
  const reply = await v1App({ events }).post('/v1/messages', { ...ask, stream: true });
  const usage = { input_tokens: 120, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const expected = [
    {
      type: 'message_start',
      message: {
        id: 'msg_id-2',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { ...usage, output_tokens: 0 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'I ' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'look.' } },
    { type: 'content_block_stop', index: 1 },
    {
      type: 'content_block_start',
      index: 2,
      content_block: { type: 'tool_use', id: 'call_1', name: 'list', input: {} },
    },
    { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"path":"src"}' } },
    { type: 'content_block_stop', index: 2 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'tool_use', stop_sequence: null },
      usage: { ...usage, output_tokens: 7 },
    },
    { type: 'message_stop' },
  ];
  expect(reply.events()).toEqual(expected);
  const named = reply.text.split('\n').filter((line) => line.startsWith('event: '));
  expect(named).toEqual(expected.map(({ type }) => `event: ${type}`));
});

test.each([
  ['stop', 'end_turn'],
  ['length', 'max_tokens'],
])('an answer that ended by %s stopped by %s', async (reason, stopReason) => {
  const reply = await v1App({ events: [{ type: 'delta', text: 'A' }, doneOf({ reason })] }).post('/v1/messages', ask);
  expect(reply.json()).toMatchObject({ stop_reason: stopReason, content: [{ type: 'text', text: 'A' }] });
});

test('any and tool come back as a call of that function', async () => {
  const { post, gateway } = v1App({ events: [{ type: 'delta', text: '{"path":"src"}' }, doneOf()] });
  const reply = await post('/v1/messages', { ...ask, tools: [list], tool_choice: { type: 'any' } });
  expect(reply.json()).toMatchObject({ content: [{ type: 'tool_use', name: 'list', input: { path: 'src' } }] });
  expect(gateway.calls[0]?.arguments[0]).toMatchObject({ call: { format: list.input_schema } });
});

test('a failure has its own status before the first event, and is an event behind it', async () => {
  const failing = new ServiceError('model_unavailable', 'Ollama has gone.', { retryAfterSeconds: 2 });
  const early = await v1App({ events: [failing] }).post('/v1/messages', { ...ask, stream: true });
  const body = { type: 'error', error: { type: 'overloaded_error', message: 'Ollama has gone.' } };
  expect([early.status, early.headers.get('retry-after'), early.json()]).toEqual([503, '2', body]);
  const late = await v1App({ events: [{ type: 'delta', text: 'A' }, failing] }).post('/v1/messages', {
    ...ask,
    stream: true,
  });
  expect(late.text).toContain('event: error\n');
  expect(late.events().at(-1)).toEqual(body);
});

test('pings come while nothing else does', async () => {
  const gate = Promise.withResolvers<void>();
  const { call } = v1App({ events: [gate.promise, doneOf()] }, { headMs: 5, pulseMs: 5 });
  const response = await call('/v1/messages', { body: { ...ask, stream: true } });
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes as Uint8Array);
    if (text.includes('event: ping\ndata: {"type":"ping"}\n\n')) gate.resolve();
  }
  expect(text).toMatch(/event: message_stop\ndata: .*\n\n$/);
});

test('tokens are counted with the tools, and a header says how', async () => {
  const { post, gateway } = v1App();
  const reply = await post('/v1/messages/count_tokens', {
    model: 'm',
    messages: ask.messages,
    system: 'S',
    tools: [list],
  });
  expect(reply.json()).toEqual({ input_tokens: 10 });
  expect(reply.headers.get('x-lorekeep-token-count')).toBe('estimate');
  expect(gateway.calls[0]?.arguments[0]).toMatchObject({ tools: [{ function: { name: 'list' } }] });
});

test('errors of a request are in the protocol', async () => {
  const { post, call } = v1App();
  const invalid = await post('/v1/messages', { model: 'm', messages: [] });
  expect([invalid.status, invalid.json()]).toMatchObject([
    400,
    { type: 'error', error: { type: 'invalid_request_error' } },
  ]);
  const method = await call('/v1/messages');
  expect([method.status, await method.json()]).toMatchObject([405, { type: 'error' }]);
});

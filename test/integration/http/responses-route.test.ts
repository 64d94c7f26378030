import { expect, test } from 'vitest';
import type { ModelEvent } from '../../../src/core/gateway/model-server.ts';
import { ServiceError } from '../../../src/core/errors.ts';
import { doneOf } from '../../support/fake-gateway.ts';
import { v1App } from '../../support/v1-app.ts';

const ask = { model: 'm', input: 'Where?' };
const call = { id: 'call_1', name: 'list', arguments: { path: 'src' } };
const events: ModelEvent[] = [
  { type: 'delta', text: '', thinking: 'Hm.' },
  { type: 'delta', text: 'I ' },
  { type: 'delta', text: 'look.', toolCalls: [call] },
  doneOf(),
];
const output = [
  { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] },
  {
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content: [{ type: 'output_text', text: 'I look.', annotations: [], logprobs: [] }],
  },
  { type: 'function_call', status: 'completed', call_id: 'call_1', name: 'list', arguments: '{"path":"src"}' },
];

type NamedEvent = Record<string, unknown> & { type: string; response?: Record<string, unknown> };

async function stream(played: readonly (ModelEvent | Error)[], body: object = ask): Promise<readonly NamedEvent[]> {
  const reply = await v1App({ events: played }).post('/v1/responses', { ...body, stream: true });
  const named = reply.text.split('\n').filter((line) => line.startsWith('event: '));
  const data = reply.events() as NamedEvent[];
  expect(named).toEqual(data.map(({ type }) => `event: ${type}`));
  return data;
}

test('a response holds thoughts, text and calls as items, and what the request said', async () => {
  const reply = await v1App({ events }).post('/v1/responses', {
    ...ask,
    instructions: 'Be short.',
    max_output_tokens: 9,
    metadata: { a: 'b' },
    lorekeep: {},
  });
  const response = reply.json();
  expect(response).toMatchObject({
    object: 'response',
    created_at: 1_767_323_045,
    status: 'completed',
    model: 'm',
    error: null,
    incomplete_details: null,
    instructions: 'Be short.',
    max_output_tokens: 9,
    metadata: { a: 'b' },
    previous_response_id: null,
    store: false,
    output,
    usage: { input_tokens: 120, output_tokens: 7, total_tokens: 127 },
    lorekeep: { route: 'hybrid' },
  });
  const ids = [response, ...(response['output'] as Record<string, unknown>[])].map(({ id }) => String(id));
  expect(ids.map((id) => id.split('_')[0])).toEqual(['resp', 'rs', 'msg', 'fc']);
  expect(new Set(ids).size).toBe(4);
  expect(reply.headers.get('x-lorekeep-route')).toBe('hybrid');
});

test('the events of a stream come in the order of the protocol, numbered', async () => {
  const data = await stream(events);
  expect(data.map(({ type, output_index: index }) => [type.replace('response.', ''), index])).toEqual([
    ['created', undefined],
    ['in_progress', undefined],
    ['output_item.added', 0],
    ['reasoning_summary_part.added', 0],
    ['reasoning_summary_text.delta', 0],
    ['reasoning_summary_text.done', 0],
    ['reasoning_summary_part.done', 0],
    ['output_item.done', 0],
    ['output_item.added', 1],
    ['content_part.added', 1],
    ['output_text.delta', 1],
    ['output_text.delta', 1],
    ['output_text.done', 1],
    ['content_part.done', 1],
    ['output_item.done', 1],
    ['output_item.added', 2],
    ['function_call_arguments.delta', 2],
    ['function_call_arguments.done', 2],
    ['output_item.done', 2],
    ['completed', undefined],
  ]);
  expect(data.map(({ sequence_number: number }) => number)).toEqual([...data.keys()]);
  expect(data[0]?.response).toMatchObject({ status: 'in_progress', output: [], usage: null });
  expect(data.at(-1)?.response).toMatchObject({ status: 'completed', output, usage: { total_tokens: 127 } });
});

test('an item keeps its id from its first event to the whole response', async () => {
  const data = await stream(events);
  const whole = data.at(-1)?.response?.['output'] as { id: string }[];
  const placed = data.filter((event) => event['output_index'] !== undefined);
  const idOf = (event: NamedEvent): unknown => event['item_id'] ?? (event['item'] as { id: string }).id;
  const wanted = placed.map((event) => whole[event['output_index'] as number]?.id);
  expect(placed.map(idOf)).toEqual(wanted);
  expect(new Set(wanted).size).toBe(3);
});

test('an answer that was cut off is incomplete', async () => {
  const data = await stream([{ type: 'delta', text: 'A' }, doneOf({ reason: 'length' })]);
  expect(data.at(-1)).toMatchObject({
    type: 'response.incomplete',
    response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
  });
});

test('what fails later ends in a failed response that holds what was complete', async () => {
  const failing = new ServiceError('model_unavailable', 'Ollama has gone.');
  const data = await stream([{ type: 'delta', text: '', thinking: 'Hm.' }, { type: 'delta', text: 'A' }, failing]);
  expect(data.at(-1)).toMatchObject({
    type: 'response.failed',
    response: {
      status: 'failed',
      error: { code: 'server_error', message: 'Ollama has gone.' },
      output: [{ type: 'reasoning' }],
    },
  });
});

test('what cannot be honoured is refused before anybody is asked', async () => {
  const { post, gateway } = v1App();
  const reply = await post('/v1/responses', { ...ask, previous_response_id: 'resp_1' });
  expect(reply.status).toBe(400);
  expect(reply.json()).toMatchObject({ error: { message: expect.stringContaining('whole conversation') } });
  expect(gateway.calls).toEqual([]);
});

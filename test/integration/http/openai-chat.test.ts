import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../src/core/errors.ts';
import type { ChatCall, ModelEvent } from '../../../src/core/gateway/model-server.ts';
import { doneOf } from '../../support/fake-gateway.ts';
import type { FakeGateway } from '../../support/fake-gateway.ts';
import { eventsOf, v1App } from '../../support/v1-app.ts';

const ask = { model: 'deepseek-coder:7b@shop', messages: [{ role: 'user', content: 'Where?' }] };
const listCall = { id: 'call_1', name: 'list', arguments: { path: 'src' } };
const list = { type: 'function', function: { name: 'list', parameters: { type: 'object', properties: {} } } };
const created = 1_767_323_045;

function chatCallOf(gateway: FakeGateway): ChatCall {
  const found = gateway.calls.find(({ method }) => method === 'chat');
  if (found === undefined) throw new Error('nothing was asked');
  return (found.arguments[0] as { call: ChatCall }).call;
}

describe('POST /v1/chat/completions', () => {
  test('answers under the name that was asked for, with what was decided in the head', async () => {
    const reply = await v1App().post('/v1/chat/completions', ask);
    expect(reply.json()).toEqual({
      id: 'chatcmpl-id-2',
      object: 'chat.completion',
      created,
      model: 'deepseek-coder:7b@shop',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Sessions open in the store [1].', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 120, completion_tokens: 7, total_tokens: 127 },
    });
    expect(reply.headers.get('x-lorekeep-route')).toBe('hybrid');
    expect(reply.headers.get('x-lorekeep-citations')).toBe('[1] src/session.ts:3-9');
  });

  test('streams role, text, end, usage and [DONE]', async () => {
    const reply = await v1App().post('/v1/chat/completions', {
      ...ask,
      stream: true,
      stream_options: { include_usage: true },
    });
    const base = { id: 'chatcmpl-id-2', object: 'chat.completion.chunk', created, model: 'deepseek-coder:7b@shop' };
    const chunk = (delta: object, finish: string | null = null): object => ({
      ...base,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    });
    expect(reply.events()).toEqual([
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Sessions open ' }),
      chunk({ content: 'in the store [1].' }),
      chunk({}, 'stop'),
      { ...base, choices: [], usage: { prompt_tokens: 120, completion_tokens: 7, total_tokens: 127 } },
      '[DONE]',
    ]);
    expect(reply.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(reply.headers.get('x-lorekeep-cache')).toBe('miss');
  });

  test('thoughts and calls have places of their own, each call whole and numbered', async () => {
    const events: ModelEvent[] = [
      { type: 'delta', text: '', thinking: 'Hm.' },
      { type: 'delta', text: '', toolCalls: [listCall, { ...listCall, id: 'call_2' }] },
      { type: 'delta', text: '', toolCalls: [{ ...listCall, id: 'call_3' }] },
      doneOf(),
    ];
    const { post } = v1App({ events });
    const calls = ['call_1', 'call_2', 'call_3'].map((id) => ({
      id,
      type: 'function',
      function: { name: 'list', arguments: '{"path":"src"}' },
    }));
    const whole = (await post('/v1/chat/completions', { ...ask, tools: [list] })).json();
    expect(whole['choices']).toMatchObject([
      {
        message: { content: null, reasoning_content: 'Hm.', reasoning: 'Hm.', tool_calls: calls },
        finish_reason: 'tool_calls',
      },
    ]);
    const stream = await post('/v1/chat/completions', { ...ask, tools: [list], stream: true });
    const deltas = stream.events().slice(1, -1) as { choices: { delta: object; finish_reason: string | null }[] }[];
    expect(deltas.map(({ choices }) => choices[0]?.delta)).toEqual([
      { reasoning_content: 'Hm.', reasoning: 'Hm.' },
      ...calls.map((one, index) => ({ tool_calls: [{ index, ...one }] })),
      {},
    ]);
    expect(deltas.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
  });

  test('an answer that was cut off says so', async () => {
    const { post } = v1App({ events: [{ type: 'delta', text: 'A' }, doneOf({ reason: 'length' })] });
    const reply = await post('/v1/chat/completions', { ...ask, max_tokens: 1 });
    expect(reply.json()['choices']).toMatchObject([{ finish_reason: 'length' }]);
  });

  test('the decision is in the last object where the request speaks to Lorekeep', async () => {
    const { post } = v1App();
    const body = { ...ask, lorekeep: { project: 'shop', citations: true } };
    const whole = (await post('/v1/chat/completions', body)).json();
    expect(whole['lorekeep']).toMatchObject({ route: 'hybrid', citations: [{ path: 'src/session.ts' }] });
    const stream = (await post('/v1/chat/completions', { ...body, stream: true })).events();
    expect(stream.at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }], lorekeep: { route: 'hybrid' } });
    const usage = { ...body, stream: true, stream_options: { include_usage: true } };
    const counted = (await post('/v1/chat/completions', usage)).events();
    expect(counted.at(-2)).toMatchObject({ choices: [], lorekeep: { route: 'hybrid' } });
    expect(counted.at(-3)).not.toHaveProperty('lorekeep');
  });

  test('no cited places behind JSON', async () => {
    const body = { ...ask, response_format: { type: 'json_object' }, lorekeep: { citations: true } };
    const reply = await v1App().post('/v1/chat/completions', body);
    expect(reply.text).not.toContain('---');
  });

  test('headers and the path name what a body cannot', async () => {
    const { post, gateway } = v1App();
    await post('/v1/chat/completions', ask, { 'x-lorekeep-project': 'shop', 'x-lorekeep-retrieve': 'never' });
    expect(gateway.calls[0]?.arguments[0]).toMatchObject({ lorekeep: { projects: ['shop'], retrieve: 'never' } });
  });

  test('a choice of none sends no tools; a named one is bound to the arguments and comes back as a call', async () => {
    const none = v1App();
    await none.post('/v1/chat/completions', { ...ask, tools: [list], tool_choice: 'none' });
    expect(chatCallOf(none.gateway)).not.toHaveProperty('tools');
    const forced = v1App({
      events: [{ type: 'delta', text: '{"path":' }, { type: 'delta', text: '"src"}' }, doneOf()],
    });
    const choice = { type: 'function', function: { name: 'list' } };
    const reply = await forced.post('/v1/chat/completions', { ...ask, tools: [list], tool_choice: choice });
    expect(chatCallOf(forced.gateway)).toMatchObject({ format: list.function.parameters });
    expect(chatCallOf(forced.gateway)).not.toHaveProperty('tools');
    expect(reply.json()['choices']).toMatchObject([
      {
        message: { tool_calls: [{ function: { name: 'list', arguments: '{"path":"src"}' } }] },
        finish_reason: 'tool_calls',
      },
    ]);
    expect(reply.headers.get('x-lorekeep-notices')).toContain('binding the answer to a JSON Schema');
  });

  test('one call where no parallel ones are wanted', async () => {
    const events: ModelEvent[] = [
      { type: 'delta', text: '', toolCalls: [listCall, { ...listCall, id: 'call_2' }] },
      doneOf(),
    ];
    const body = { ...ask, tools: [list], parallel_tool_calls: false };
    const reply = await v1App({ events }).post('/v1/chat/completions', body);
    expect(reply.json()['choices']).toMatchObject([{ message: { tool_calls: [{ id: 'call_1' }] } }]);
    expect(reply.text).not.toContain('call_2');
  });

  test('the body of a response is told by its shape, and answered as chat', async () => {
    const { post, gateway } = v1App();
    const body = {
      model: 'm',
      input: [{ role: 'user', content: 'Where?' }],
      tools: [{ type: 'function', name: 'list' }],
    };
    const reply = await post('/v1/chat/completions', { ...body, stream: true });
    expect(reply.events().at(0)).toMatchObject({ object: 'chat.completion.chunk' });
    expect(chatCallOf(gateway)).toMatchObject({ messages: [{ role: 'user', content: 'Where?' }], tools: [list] });
  });

  test('odds of words come with their words', async () => {
    const odds = { token: 'A', logprob: -0.1 };
    const { post } = v1App({ events: [{ type: 'delta', text: 'A', extra: { logprobs: [odds] } }, doneOf()] });
    const reply = await post('/v1/chat/completions', { ...ask, logprobs: true });
    expect(reply.json()['choices']).toMatchObject([{ logprobs: { content: [odds] } }]);
  });

  test.each([false, true])('what fails before the first event has its own status (stream: %s)', async (stream) => {
    const failing = new ServiceError('rate_limited', 'Too many. Wait.', { retryAfterSeconds: 3 });
    const reply = await v1App({ events: [failing] }).post('/v1/chat/completions', { ...ask, stream });
    expect(reply.status).toBe(429);
    expect(reply.headers.get('retry-after')).toBe('3');
    expect(reply.json()).toEqual({
      error: { message: 'Too many. Wait.', type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' },
    });
  });

  test('what fails later is the last event, without [DONE]', async () => {
    const failing = new ServiceError('model_timeout', 'No word came for 60 s.');
    const { post, audited } = v1App({ events: [{ type: 'delta', text: 'A' }, failing] });
    const reply = await post('/v1/chat/completions', { ...ask, stream: true });
    expect(reply.status).toBe(200);
    expect(reply.events().at(-1)).toEqual({
      error: { message: 'No word came for 60 s.', type: 'api_error', param: null, code: 'model_timeout' },
    });
    expect(audited[0]?.details['error']).toBe('model_timeout');
  });

  test('what fails inside stays inside', async () => {
    const { post } = v1App({ events: [{ type: 'delta', text: 'A' }, new TypeError('secret path')] });
    const reply = await post('/v1/chat/completions', { ...ask, stream: true });
    expect(reply.text).not.toContain('secret');
    expect(reply.events().at(-1)).toMatchObject({ error: { code: 'internal' } });
  });

  test('the head comes before a slow first event, then comments until it is there', async () => {
    const gate = Promise.withResolvers<void>();
    const { call } = v1App({ events: [gate.promise, doneOf()] }, { headMs: 5, pulseMs: 5 });
    const response = await call('/v1/chat/completions', { body: { ...ask, stream: true } });
    const decoder = new TextDecoder();
    let text = '';
    for await (const bytes of response.body ?? []) {
      text += decoder.decode(bytes as Uint8Array);
      if (text.includes(': keep-alive\n\n: keep-alive\n\n')) gate.resolve();
    }
    expect(eventsOf(text).at(-1)).toBe('[DONE]');
  });

  test('a failure after an early head is an event', async () => {
    const gate = Promise.withResolvers<void>();
    const failing = new ServiceError('model_unavailable', 'Ollama has gone.');
    const { call } = v1App({ events: [gate.promise, failing] }, { headMs: 5, pulseMs: 1_000 });
    const response = await call('/v1/chat/completions', { body: { ...ask, stream: true } });
    gate.resolve();
    expect(eventsOf(await response.text()).at(-1)).toMatchObject({ error: { message: 'Ollama has gone.' } });
  });

  test('a body that is not in order says which field is wrong', async () => {
    const reply = await v1App().post('/v1/chat/completions', { model: 'm', messages: 'Hello', temperature: 'hot' });
    expect(reply.status).toBe(400);
    expect(reply.json()).toMatchObject({ error: { type: 'invalid_request_error', code: 'request_invalid' } });
    expect(reply.text).toContain('\\"messages\\"');
    expect(reply.text).toContain('\\"temperature\\"');
  });

  test('a wish for thoughts is left out where the model has none, which is said', async () => {
    const { post, gateway } = v1App();
    const reply = await post('/v1/chat/completions', {
      ...ask,
      model: 'deepseek-coder:6.7b',
      reasoning_effort: 'high',
    });
    expect(chatCallOf(gateway)).not.toHaveProperty('think');
    expect(reply.headers.get('x-lorekeep-notices')).toContain('does not think');
  });
});

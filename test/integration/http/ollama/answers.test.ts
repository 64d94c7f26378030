import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../../src/core/errors.ts';
import type { ModelEvent } from '../../../../src/core/gateway/model-server.ts';
import type { FakeGatewayScript } from '../../../support/fake-gateway.ts';
import { doneOf, fakeGateway, fakeParts, testKey } from '../../../support/fake-gateway.ts';
import { ollamaApp } from '../../../support/ollama-app.ts';

const model = 'deepseek-coder:7b';
const createdAt = '2026-01-02T03:04:05.678Z';
const counts = {
  total_duration: 5_000_000,
  load_duration: 1_000_000,
  prompt_eval_count: 120,
  prompt_eval_duration: 2_000_000,
  eval_count: 7,
  eval_duration: 2_000_000,
};
const hi = { model, messages: [{ role: 'user', content: 'hi' }] };

function serviceOf(script: FakeGatewayScript = {}, silenceMs?: number) {
  const gateway = fakeGateway(script);
  const app = ollamaApp(fakeParts({ gateway }), silenceMs === undefined ? undefined : { silenceMs });
  const post = async (path: string, body: unknown, init: { headers?: object; signal?: AbortSignal } = {}) =>
    app.request(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${testKey}`, ...init.headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(init.signal === undefined ? {} : { signal: init.signal }),
    });
  return { gateway, post };
}

async function linesOf(response: Response): Promise<Record<string, unknown>[]> {
  const text = await response.text();
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('/api/chat', () => {
  it('streams a line for each event, with the name that was asked for, in the order of fields of Ollama', async () => {
    const response = await serviceOf().post('/api/chat', hi);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const piece = (content: string): string =>
      JSON.stringify({ model, created_at: createdAt, message: { role: 'assistant', content }, done: false });
    const end = { model, created_at: createdAt, message: { role: 'assistant', content: '' } };
    expect((await response.text()).split('\n')).toEqual([
      piece('Sessions open '),
      piece('in the store [1].'),
      JSON.stringify({ ...end, done_reason: 'stop', done: true, ...counts }),
      '',
    ]);
  });

  it('joins the pieces where no stream is wanted', async () => {
    const response = await serviceOf().post('/api/chat', { ...hi, stream: false });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({
      model,
      created_at: createdAt,
      message: { role: 'assistant', content: 'Sessions open in the store [1].' },
      done_reason: 'stop',
      done: true,
      ...counts,
    });
  });

  it('numbers tool calls through all pieces, and gives thoughts and foreign fields a place', async () => {
    const call = (id: string) => ({ id, name: 'read', arguments: { path: id } });
    const events: ModelEvent[] = [
      { type: 'delta', text: '', thinking: 'Hm', extra: { logprobs: [1] } },
      { type: 'delta', text: '', toolCalls: [call('a'), call('b')], extra: { logprobs: [2] } },
      { type: 'delta', text: '', toolCalls: [call('c')] },
      doneOf({ reason: 'stop', extra: { remote: 'x' } }),
    ];
    const printed = (id: string, index: number) => ({ id, function: { index, name: 'read', arguments: { path: id } } });
    const lines = await linesOf(await serviceOf({ events }).post('/api/chat', hi));
    expect(lines.map((line) => line['message'])).toEqual([
      { role: 'assistant', content: '', thinking: 'Hm' },
      { role: 'assistant', content: '', tool_calls: [printed('a', 0), printed('b', 1)] },
      { role: 'assistant', content: '', tool_calls: [printed('c', 2)] },
      { role: 'assistant', content: '' },
    ]);
    expect(lines[0]).toMatchObject({ logprobs: [1] });
    const whole = await (await serviceOf({ events }).post('/api/chat', { ...hi, stream: false })).json();
    expect(whole).toMatchObject({
      message: { thinking: 'Hm', tool_calls: [printed('a', 0), printed('b', 1), printed('c', 2)] },
      logprobs: [1, 2],
      remote: 'x',
    });
  });

  it('leaves out counts that are 0', async () => {
    const times = { totalNs: 0, loadNs: 0, promptNs: 0, outputNs: 0 };
    const events = [doneOf({ reason: 'load', promptTokens: 0, outputTokens: 0, times })];
    const response = await serviceOf({ events }).post('/api/chat', { model });
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.text()).toBe(
      JSON.stringify({
        model,
        created_at: createdAt,
        message: { role: 'assistant', content: '' },
        done_reason: 'load',
        done: true,
      }),
    );
  });

  it('says what was decided in headers, and in the last object where the body asked Lorekeep for something', async () => {
    const { post, gateway } = serviceOf();
    const lines = await linesOf(await post('/api/chat', { ...hi, lorekeep: { project: 'shop', retrieve: 'always' } }));
    expect(lines.at(-1)).toMatchObject({
      lorekeep: { route: 'hybrid', cache: 'miss', promptTokens: 120, outputTokens: 7, citations: [{ number: 1 }] },
    });
    expect(lines[0]).not.toHaveProperty('lorekeep');
    expect(gateway.calls[0]?.arguments[0]).toMatchObject({
      lorekeep: { projects: ['shop'], retrieve: 'always', citations: false },
    });
    const plain = await post('/api/chat', { ...hi, stream: false });
    expect(plain.headers.get('x-lorekeep-route')).toBe('hybrid');
    expect(plain.headers.get('x-lorekeep-citations')).toBe('[1] src/session.ts:3-9');
    expect(await plain.json()).not.toHaveProperty('lorekeep');
  });
});

describe('/api/generate', () => {
  it('streams a line for each event, in the order of fields of Ollama', async () => {
    const events: ModelEvent[] = [{ type: 'delta', text: 'func' }, doneOf({ reason: 'length', context: [1, 2] })];
    const response = await serviceOf({ events }).post('/api/generate', { model, prompt: '用Go实现一个快速排序算法' });
    expect((await response.text()).split('\n')).toEqual([
      JSON.stringify({ model, created_at: createdAt, response: 'func', done: false }),
      JSON.stringify({
        model,
        created_at: createdAt,
        response: '',
        done: true,
        done_reason: 'length',
        context: [1, 2],
        ...counts,
      }),
      '',
    ]);
  });

  it('hands over all that a completion can say', async () => {
    const { post, gateway } = serviceOf();
    await post('/api/generate', {
      model,
      prompt: 'a',
      suffix: 'b',
      system: 's',
      template: 't',
      context: [1],
      images: ['aGk='],
      format: { type: 'object' },
      think: false,
      keep_alive: '5m',
      options: { temperature: 0, seed: null, unheard_of: 1 },
      truncate: false,
      shift: false,
    });
    expect(gateway.calls[0]).toMatchObject({
      method: 'complete',
      arguments: [
        {
          call: {
            model,
            prompt: 'a',
            suffix: 'b',
            system: 's',
            template: 't',
            context: [1],
            images: ['aGk='],
            format: { type: 'object' },
            think: false,
            keepAlive: '5m',
            options: { temperature: 0, unheard_of: 1 },
            extra: { truncate: false, shift: false },
          },
        },
        {},
      ],
    });
  });

  it.each([
    ['loads', {}, {}],
    ['unloads', { keep_alive: 0 }, { keepAlive: 0 }],
  ])('%s a model with one object, though it streams by default', async (_, fields, passed) => {
    const { post, gateway } = serviceOf({ events: [doneOf({ reason: 'load' })] });
    const response = await post('/api/generate', { model, ...fields });
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.json()).toMatchObject({ response: '', done: true, done_reason: 'load' });
    expect(gateway.calls[0]?.arguments[0]).toMatchObject({ call: { prompt: '', ...passed } });
  });
});

describe('the footer of citations', () => {
  const asked = { lorekeep: { citations: true } };
  const footer = '\n\n---\n- [1] src/session.ts:3-9\n';

  it('is the last text of an answer', async () => {
    const { post } = serviceOf();
    const lines = await linesOf(await post('/api/chat', { ...hi, ...asked }));
    expect(lines.at(-2)).toMatchObject({ message: { content: footer }, done: false });
    const header = { headers: { 'x-lorekeep-citations': 'yes' } };
    const whole = await post('/api/generate', { model, prompt: 'hi', stream: false }, header);
    expect(await whole.json()).toMatchObject({ response: `Sessions open in the store [1].${footer}` });
  });

  it.each([
    ['code that is filled in', '/api/generate', { model, prompt: 'a', suffix: 'b' }],
    ['raw text', '/api/generate', { model, prompt: 'a', raw: true }],
    ['JSON', '/api/chat', { ...hi, format: 'json' }],
  ])('does not break %s', async (_, path, body) => {
    const text = await (await serviceOf().post(path, { ...body, ...asked })).text();
    expect(text).not.toContain('---');
  });
});

describe('errors', () => {
  const missing = new ServiceError('model_missing', 'There is no such model.');

  it.each([
    [missing, 404],
    [new ServiceError('rate_limited', 'Too many.', { retryAfterSeconds: 3 }), 429],
    [new ServiceError('request_invalid', 'It does not support tools.'), 400],
    [new ServiceError('model_unavailable', 'It is not there.'), 503],
  ])('before the first event have their own status: %s', async (error, status) => {
    for (const stream of [true, false]) {
      const response = await serviceOf({ events: [error] }).post('/api/chat', { ...hi, stream });
      expect([response.status, await response.json()]).toEqual([status, { error: error.message }]);
    }
  });

  it('of the gateway itself, too', async () => {
    const methods = { chat: () => Promise.reject(missing) };
    expect((await serviceOf({ methods }).post('/api/chat', hi)).status).toBe(404);
  });

  it('behind the first event are the last line', async () => {
    const broken = new ServiceError('model_timeout', 'The model was silent for 300 s.');
    const { post, gateway } = serviceOf({ events: [{ type: 'delta', text: 'a' }, broken] });
    const response = await post('/api/chat', hi);
    expect(response.status).toBe(200);
    const lines = await linesOf(response);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toEqual({ error: broken.message });
    expect(gateway.calls[0]?.arguments[1]).toMatchObject({ trace: { error: 'model_timeout' } });
  });

  it('behind the first event are the status where nothing is streamed', async () => {
    const events = [{ type: 'delta', text: 'a' } as const, new ServiceError('model_timeout', 'It was silent.')];
    expect((await serviceOf({ events }).post('/api/chat', { ...hi, stream: false })).status).toBe(504);
  });

  it('do not show what failed inside', async () => {
    const events = [{ type: 'delta', text: 'a' } as const, new TypeError('secret is undefined')];
    const lines = await linesOf(await serviceOf({ events }).post('/api/chat', hi));
    expect(lines[1]).toEqual({ error: expect.stringMatching(/^Something went wrong inside Lorekeep.*id-1/) });
  });

  it('tell that an answer has no end', async () => {
    const events = [{ type: 'delta', text: 'a' } as const];
    const lines = await linesOf(await serviceOf({ events }).post('/api/chat', hi));
    expect(lines[1]).toEqual({ error: expect.stringMatching(/ended before it was complete/) });
  });

  it('tell why the service stopped a stream', async () => {
    const stop = new AbortController();
    const events = [{ type: 'delta', text: 'a' } as const, new Promise(() => {})];
    const response = await serviceOf({ events }).post('/api/chat', hi, { signal: stop.signal });
    const reader = response.body!.getReader();
    await reader.read();
    stop.abort(new ServiceError('model_unavailable', 'The service shuts down.'));
    const { value } = await reader.read();
    expect(JSON.parse(new TextDecoder().decode(value))).toEqual({ error: 'The service shuts down.' });
    expect((await reader.read()).done).toBe(true);
  });
});

describe('a silent model', () => {
  const quiet = { model, created_at: createdAt, message: { role: 'assistant', content: '' }, done: false };

  it('gets its head sent and is broken again and again by lines without content', async () => {
    const slow = Promise.withResolvers<void>();
    const events = [slow.promise, { type: 'delta', text: 'late' } as const, doneOf()];
    const response = await serviceOf({ events }, 5).post('/api/chat', hi);
    expect(response.status).toBe(200);
    // The exchange is open: what was decided is known, though the model has said nothing.
    expect(response.headers.get('x-lorekeep-route')).toBe('hybrid');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    for (let count = 0; count < 3; count += 1) expect(JSON.parse((await reader.read()).value!)).toEqual(quiet);
    slow.resolve();
    let rest = '';
    for (let next = await reader.read(); !next.done; next = await reader.read()) rest += next.value;
    const contents = rest
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).message.content as string);
    expect(contents.filter((content) => content !== '')).toEqual(['late']);
    expect(rest).toMatch(/"done":true[^\n]*\n$/);
  });

  it('fails in the stream, once the head is sent', async () => {
    const slow = Promise.withResolvers<never>();
    const response = await serviceOf({ methods: { chat: () => slow.promise } }, 5).post('/api/chat', hi);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-lorekeep-route')).toBeNull();
    slow.reject(new ServiceError('rate_limited', 'No place came free.'));
    expect((await linesOf(response)).at(-1)).toEqual({ error: 'No place came free.' });
  });

  it('is no longer asked when the client goes away', async () => {
    const { post, gateway } = serviceOf({
      events: [{ type: 'delta', text: 'a' }, { type: 'delta', text: 'b' }, doneOf()],
    });
    const response = await post('/api/chat', hi);
    await response.body!.cancel();
    expect(gateway.ended()).toBe(1);
  });
});

describe('requests that Ollama refuses, too', () => {
  it.each([
    ['/api/generate', '', 400],
    ['/api/generate', '{', 400],
    ['/api/generate', '[]', 400],
    ['/api/generate', {}, 404],
    ['/api/chat', {}, 400],
    ['/api/generate', { model, prompt: 3 }, 400],
    ['/api/generate', { model, prompt: 'a', raw: true, system: 's' }, 400],
    ['/api/generate', { model, prompt: 'a', think: 'perhaps' }, 400],
    ['/api/generate', { model, prompt: 'a', keep_alive: 'soon' }, 400],
    ['/api/generate', { model, prompt: 'a', images: ['data:image/png;base64,aGk='] }, 400],
    ['/api/generate', { model, prompt: 'a', options: { temperature: 'hot' } }, 400],
    ['/api/generate', { model, prompt: 'a', options: { stop: 'x' } }, 400],
    ['/api/generate', { model, prompt: 'a', format: 'xml' }, 400],
    ['/api/chat', { ...hi, messages: 'hi' }, 400],
    ['/api/chat', { ...hi, messages: [{ role: 'user', content: ['hi'] }] }, 400],
    ['/api/chat', { ...hi, messages: [{ role: 'wizard', content: 'hi' }] }, 400],
    ['/api/chat', { ...hi, tools: [5] }, 400],
    ['/api/chat', { ...hi, lorekeep: { retrieve: 'perhaps' } }, 400],
    ['/api/chat', { ...hi, lorekeep: { projekt: 'shop' } }, 400],
  ])('%s %j', async (path, body, status) => {
    const { post, gateway } = serviceOf();
    const response = await post(path, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.any(String) });
    expect(gateway.calls).toEqual([]);
  });
});

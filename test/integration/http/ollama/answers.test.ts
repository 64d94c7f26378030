import { describe, expect, it } from 'vitest';
import type { ModelEvent } from '../../../../src/core/gateway/model-server.ts';
import { doneOf } from '../../../support/fake-gateway.ts';
import { linesOf, ollamaRoutes } from '../../../support/ollama-routes.ts';

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

describe('/api/chat', () => {
  it('streams a line for each event, with the name that was asked for, in the order of fields of Ollama', async () => {
    const response = await ollamaRoutes().post('/api/chat', hi);
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
    const response = await ollamaRoutes().post('/api/chat', { ...hi, stream: false });
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
    const lines = await linesOf(await ollamaRoutes({ events }).post('/api/chat', hi));
    expect(lines.map((line) => line['message'])).toEqual([
      { role: 'assistant', content: '', thinking: 'Hm' },
      { role: 'assistant', content: '', tool_calls: [printed('a', 0), printed('b', 1)] },
      { role: 'assistant', content: '', tool_calls: [printed('c', 2)] },
      { role: 'assistant', content: '' },
    ]);
    expect(lines[0]).toMatchObject({ logprobs: [1] });
    const whole = await (await ollamaRoutes({ events }).post('/api/chat', { ...hi, stream: false })).json();
    expect(whole).toMatchObject({
      message: { thinking: 'Hm', tool_calls: [printed('a', 0), printed('b', 1), printed('c', 2)] },
      logprobs: [1, 2],
      remote: 'x',
    });
  });

  it('leaves out counts that are 0', async () => {
    const times = { totalNs: 0, loadNs: 0, promptNs: 0, outputNs: 0 };
    const events = [doneOf({ reason: 'load', promptTokens: 0, outputTokens: 0, times })];
    const response = await ollamaRoutes({ events }).post('/api/chat', { model });
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
    const { post, gateway } = ollamaRoutes();
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

describe('what shows only at the end', () => {
  const notices = ['The model server has cut the prompt.'];
  const events = [doneOf({ notices })];

  it('is told to those who asked for the decision, and to those who did not', async () => {
    const plain = await linesOf(await ollamaRoutes({ events }).post('/api/chat', hi));
    expect(plain.at(-1)).toMatchObject({ done: true, lorekeep: { notices } });
    const body = { model, prompt: 'a', stream: false, lorekeep: {} };
    const whole = await (await ollamaRoutes({ events }).post('/api/generate', body)).json();
    expect(whole).toMatchObject({ lorekeep: { route: 'hybrid', notices } });
  });
});

describe('/api/generate', () => {
  it('streams a line for each event, in the order of fields of Ollama', async () => {
    const events: ModelEvent[] = [{ type: 'delta', text: 'func' }, doneOf({ reason: 'length', context: [1, 2] })];
    const response = await ollamaRoutes({ events }).post('/api/generate', {
      model,
      prompt: '用Go实现一个快速排序算法',
    });
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
    const { post, gateway } = ollamaRoutes();
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
    const { post, gateway } = ollamaRoutes({ events: [doneOf({ reason: 'load' })] });
    const response = await post('/api/generate', { model, ...fields });
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.json()).toMatchObject({ response: '', done: true, done_reason: 'load' });
    expect(gateway.calls[0]?.arguments[0]).toMatchObject({ call: { prompt: '', ...passed } });
  });
});

describe('cited places behind the answer', () => {
  const citationsOf = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const { post, gateway } = ollamaRoutes();
    await post(path, body, { headers });
    const [asked] = gateway.calls[0]!.arguments as readonly { lorekeep: { citations: boolean } }[];
    return asked!.lorekeep.citations;
  };
  const asked = { lorekeep: { citations: true } };

  it('are asked for in the body or in a header', async () => {
    expect(await citationsOf('/api/chat', hi)).toBe(false);
    expect(await citationsOf('/api/chat', { ...hi, ...asked })).toBe(true);
    expect(await citationsOf('/api/generate', { model, prompt: 'a' }, { 'x-lorekeep-citations': 'yes' })).toBe(true);
  });

  it.each([
    ['code that is filled in', '/api/generate', { model, prompt: 'a', suffix: 'b' }],
    ['raw text', '/api/generate', { model, prompt: 'a', raw: true }],
    ['JSON', '/api/chat', { ...hi, format: 'json' }],
  ])('do not break %s', async (_, path, body) => {
    expect(await citationsOf(path, { ...body, ...asked })).toBe(false);
  });
});

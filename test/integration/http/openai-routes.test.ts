import { describe, expect, test } from 'vitest';
import type { CompletionCall, EmbedCall } from '../../../src/core/gateway/model-server.ts';
import { decisionOf, modelInfoOf } from '../../support/fake-gateway.ts';
import { v1App } from '../../support/v1-app.ts';

const created = 1_767_323_045;

describe('POST /v1/completions', () => {
  const complete = { model: 'm', prompt: ['def f('], suffix: '\n', max_tokens: 8 };

  test('fills in the middle', async () => {
    const { post, gateway } = v1App();
    const reply = await post('/v1/completions', { ...complete, lorekeep: {} });
    expect(gateway.calls[0]?.arguments[0]).toMatchObject({
      call: { model: 'm', prompt: 'def f(', suffix: '\n', options: { num_predict: 8 } } satisfies CompletionCall,
    });
    expect(reply.json()).toEqual({
      id: 'cmpl-id-2',
      object: 'text_completion',
      created,
      model: 'm',
      choices: [{ index: 0, text: 'Sessions open in the store [1].', logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: 120, completion_tokens: 7, total_tokens: 127 },
      lorekeep: decisionOf(),
    });
  });

  test('streams text, end, usage and [DONE]', async () => {
    const body = { ...complete, stream: true, stream_options: { include_usage: true } };
    const events = (await v1App().post('/v1/completions', body)).events();
    const texts = events.slice(0, -2) as { choices: { text: string; finish_reason: string | null }[] }[];
    expect(texts.map(({ choices: [choice] }) => [choice?.text, choice?.finish_reason])).toEqual([
      ['Sessions open ', null],
      ['in the store [1].', null],
      ['', 'stop'],
    ]);
    expect(events.at(-2)).toMatchObject({ choices: [], usage: { total_tokens: 127 } });
    expect(events.at(-1)).toBe('[DONE]');
  });

  test.each([
    [{ echo: true }, 'echo'],
    [{ logprobs: 2 }, 'logprobs'],
    [{ best_of: 2 }, 'best_of'],
    [{ n: 2 }, '"n\\" must be 1'],
    [{ prompt: ['a', 'b'] }, 'must be one text'],
    [{ prompt: [1, 2] }, 'must be one text'],
  ])('%j is refused', async (fields, message) => {
    const reply = await v1App().post('/v1/completions', { ...complete, ...fields });
    expect(reply.status).toBe(400);
    expect(reply.text).toContain(message);
  });
});

describe('POST /v1/embeddings', () => {
  test('gives numbers, or little-endian floats in base64', async () => {
    const { post, gateway } = v1App();
    const numbers = await post('/v1/embeddings', { model: 'm', input: 'a', dimensions: 2 });
    expect(numbers.json()).toEqual({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [0.6, 0.8] }],
      model: 'm',
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
    expect(gateway.calls[0]?.arguments[0]).toEqual({
      model: 'm',
      inputs: ['a'],
      truncate: false,
      dimensions: 2,
    } satisfies EmbedCall);
    const base64 = await post('/v1/embeddings', { model: 'm', input: ['a', 'b'], encoding_format: 'base64' });
    const [, second] = base64.json()['data'] as { embedding: string; index: number }[];
    const bytes = Buffer.from(second?.embedding ?? '', 'base64');
    expect([bytes.length, bytes.readFloatLE(0), bytes.readFloatLE(4)]).toEqual([8, Math.fround(0.6), Math.fround(0.8)]);
    expect(second?.index).toBe(1);
  });

  test.each([[[]], [[1, 2]], [[[1], [2]]], [5]])('%j is no input', async (input) => {
    const reply = await v1App().post('/v1/embeddings', { model: 'm', input });
    expect(reply.status).toBe(400);
    expect(reply.text).toContain('input');
  });
});

describe('GET /v1/models', () => {
  const models = [modelInfoOf(), modelInfoOf({ name: 'hub/org/tiny:1b@shop', modifiedAt: 'unknown' })];

  test('lists what can be asked for', async () => {
    const response = await v1App({ models }).call('/v1/models');
    await expect(response.json()).resolves.toEqual({
      object: 'list',
      data: [
        { id: 'deepseek-coder:6.7b', object: 'model', created, owned_by: 'library', max_model_len: 8192 },
        { id: 'hub/org/tiny:1b@shop', object: 'model', created: 0, owned_by: 'library', max_model_len: 8192 },
      ],
    });
  });

  test.each(['hub/org/tiny:1b@shop', encodeURIComponent('hub/org/tiny:1b@shop')])('finds %s', async (name) => {
    const response = await v1App({ models }).call(`/v1/models/${name}`);
    await expect(response.json()).resolves.toMatchObject({ id: 'hub/org/tiny:1b@shop' });
  });

  test('answers in the form of the protocol that asks', async () => {
    const { call } = v1App({ models });
    const headers = { 'anthropic-version': '2023-06-01' };
    const listed = await (await call('/v1/models', { headers })).json();
    expect(listed).toMatchObject({
      data: [{ type: 'model', id: 'deepseek-coder:6.7b', display_name: 'deepseek-coder:6.7b' }, {}],
      has_more: false,
      first_id: 'deepseek-coder:6.7b',
      last_id: 'hub/org/tiny:1b@shop',
    });
    const one = await (await call('/v1/models/deepseek-coder:6.7b', { headers })).json();
    expect(one).toMatchObject({ type: 'model', created_at: '2026-01-02T03:04:05Z' });
  });

  test('a model that is not there is 404', async () => {
    const response = await v1App({ models }).call('/v1/models/gpt-9');
    expect(response.status).toBe(404);
    await expect(response.json()).resolves.toMatchObject({ error: { code: 'model_not_found' } });
  });
});

test.each([
  ['GET', '/v1/chat/completions', 'POST'],
  ['DELETE', '/v1/models/a/b', 'GET, HEAD'],
  ['PUT', '/v1/responses', 'POST'],
])('%s %s is refused in the protocol, with what is allowed', async (method, path, allowed) => {
  const response = await v1App().call(path, { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe(allowed);
  await expect(response.json()).resolves.toMatchObject({ error: { type: 'invalid_request_error' } });
});

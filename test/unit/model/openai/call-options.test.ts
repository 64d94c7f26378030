import { expect, test } from 'vitest';
import type { ModelCall } from '../../../../src/core/gateway/model-server.ts';
import { translateOptions } from '../../../../src/model/openai/call-options.ts';
import { dialectOf } from '../../../../src/model/openai/dialect.ts';

const dialect = (owner: string) => dialectOf([{ id: 'm', owned_by: owner }]);
const translate = (call: Partial<ModelCall>, owner = 'vllm') =>
  translateOptions({ model: 'm', options: {}, ...call }, dialect(owner));

test('options of the protocol get its names, and no limit is no field', () => {
  const options = { num_predict: 9, temperature: 0, top_p: 0.5, seed: 3, stop: ['x'], presence_penalty: 1 };
  expect(translate({ options })).toEqual({
    fields: { max_tokens: 9, temperature: 0, top_p: 0.5, seed: 3, stop: ['x'], presence_penalty: 1 },
    notices: [],
  });
  expect(translate({ options: { num_predict: -1, seed: -1, num_ctx: 8_192 } })).toEqual({ fields: {}, notices: [] });
});

test('options beyond the protocol go to every server; one that ignores them is told of', () => {
  const options = { top_k: 5, repeat_penalty: 1.1 };
  const fields = { top_k: 5, repeat_penalty: 1.1, repetition_penalty: 1.1 };
  expect(translate({ options })).toEqual({ fields, notices: [] });
  expect(translate({ options }, 'library')).toEqual({
    fields,
    notices: ['Ollama ignores "top_k", "repeat_penalty" when it is asked in OpenAI\'s protocol.'],
  });
  expect(translate({ options }, 'somebody').notices).toEqual([expect.stringContaining('may ignore "top_k"')]);
});

test('what has no field is told, not dropped in silence', () => {
  const { fields, notices } = translate({
    options: { num_gpu: 1 },
    extra: { shift: false, draft: 1, tool_choice: 'none' },
  });
  expect(fields).toEqual({ tool_choice: 'none' });
  expect(notices).toEqual(['OpenAI\'s protocol has no field for "draft", "num_gpu": left out.']);
});

test.each([
  ['vllm', 'json', { type: 'json_object' }],
  [
    'organization_owner',
    'json',
    { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: { type: 'object' } } },
  ],
  [
    'vllm',
    { type: 'array' },
    { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: { type: 'array' } } },
  ],
  ['me', { type: 'array' }, { type: 'json_object', schema: { type: 'array' } }],
])('a server owned by %s is asked for the format %j in its own way', (owner, format, expected) => {
  expect(translate({ format }, owner).fields).toEqual({ response_format: expected });
});

test('an empty format is none', () => {
  expect(translate({ format: '' }).fields).toEqual({});
});

test.each([
  [true, { chat_template_kwargs: { enable_thinking: true } }],
  [false, { chat_template_kwargs: { enable_thinking: false }, reasoning_effort: 'none' }],
  ['low', { reasoning_effort: 'low' }],
])('thinking: %j', (think, fields) => {
  expect(translate({ think }).fields).toEqual(fields);
});

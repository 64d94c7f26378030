import { expect, test } from 'vitest';
import type { ModelCall } from '../../../../src/core/gateway/model-server.ts';
import { grammarSchema } from '../../../../src/model/gguf/grammar-schema.ts';
import { keepAliveMs } from '../../../../src/model/gguf/keep-alive.ts';
import { translateMessages, translateWriting } from '../../../../src/model/gguf/writing.ts';

const translate = (call: Partial<ModelCall>) => translateWriting({ model: 'm', options: {}, ...call }, 8_192);

test('a call that asks for nothing gets what Ollama would give it', () => {
  expect(translate({})).toEqual({
    writing: {
      sampling: { temperature: 0.8, topK: 40, topP: 0.9, minP: 0, repeatPenalty: false },
      maxTokens: null,
      stop: [],
      format: null,
      mayThink: true,
    },
    notices: [],
  });
});

test('options are translated; what cannot be done is told', () => {
  const options = {
    temperature: 0,
    seed: 4,
    num_predict: 7,
    stop: 'END',
    repeat_penalty: 1.2,
    num_ctx: 16_384,
    numa: true,
  };
  const { writing, notices } = translate({ options, think: 'high', format: 'json' });
  expect(writing).toMatchObject({ maxTokens: 7, stop: ['END'], format: 'json' });
  expect(writing.sampling).toMatchObject({ temperature: 0, seed: 4, repeatPenalty: { penalty: 1.2, lastTokens: 64 } });
  expect(notices).toEqual([
    expect.stringContaining('"numa"'),
    expect.stringContaining('8192'),
    expect.stringContaining('How long a model thinks'),
  ]);
});

test.each([{ options: { temperature: 'hot' } }, { options: { seed: Number.NaN } }, { format: 'xml' }])(
  'refuses %j',
  (call) => {
    expect(() => translate(call)).toThrow(expect.objectContaining({ code: 'request_invalid' }));
  },
);

test('the words of a schema that bind nothing are told, its unions are kept', () => {
  const { schema, ignored } = grammarSchema({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    title: 'Person',
    properties: {
      name: { anyOf: [{ type: 'string', pattern: '^A' }, { type: 'null' }] },
      born: { type: 'string', format: 'date' },
      mail: { type: 'string', format: 'email' },
      pattern: { $ref: '#/definitions/id' },
    },
    required: ['name'],
    additionalProperties: false,
    definitions: { id: { type: 'integer', minimum: 1 } },
  });
  expect(schema).toEqual({
    type: 'object',
    properties: {
      name: { oneOf: [{ type: 'string' }, { type: 'null' }] },
      born: { type: 'string', format: 'date' },
      mail: { type: 'string' },
      pattern: { $ref: '#/$defs/id' },
    },
    required: ['name'],
    additionalProperties: false,
    $defs: { id: { type: 'integer' } },
  });
  expect(ignored).toEqual(['pattern', 'format', 'minimum']);
});

test('a conversation ends with the turn that the model writes', () => {
  expect(translateMessages([{ role: 'user', content: 'Hi' }])).toEqual([
    { type: 'user', text: 'Hi' },
    { type: 'model', response: [] },
  ]);
  const begun = translateMessages([{ role: 'assistant', content: 'So', thinking: 'Hm' }]);
  expect(begun).toEqual([
    { type: 'model', response: [{ type: 'segment', segmentType: 'thought', text: 'Hm', ended: true }, 'So'] },
  ]);
});

test.each([
  [undefined, 5],
  ['', 5],
  [30, 30_000],
  ['30', 30_000],
  ['1h1.5m', 3_690_000],
  [0, 0],
  ['-1', Infinity],
  ['-1m', Infinity],
])('keeps a model after %j for %d ms', (value, ms) => {
  expect(keepAliveMs(value, 5)).toBe(ms);
});

test('refuses a time that is none', () => {
  expect(() => keepAliveMs('soon', 5)).toThrow(expect.objectContaining({ code: 'request_invalid' }));
});

import { expect, it } from 'vitest';
import { readFacts } from '../../../../src/model/ollama/model-facts.ts';

const kv = (info: Readonly<Record<string, unknown>>): number | null =>
  readFacts('m', { model_info: { 'general.architecture': 'x', ...info } }).kvBytesPerToken;
const shape = { 'x.block_count': 32, 'x.embedding_length': 4_096, 'x.attention.head_count': 32 };

it('counts the memory of a token of the window', () => {
  // Each layer has keys and values of the whole width, two bytes a number.
  expect(kv(shape)).toBe(32 * 4_096 * 2 * 2);
  expect(kv({ ...shape, 'x.attention.head_count_kv': 8 })).toBe(32 * 1_024 * 2 * 2);
  expect(kv({ ...shape, 'x.attention.key_length': 192, 'x.attention.value_length': 64 })).toBe(32 * 32 * 256 * 2);
  expect(kv({ ...shape, 'x.attention.head_count_kv': [8, 0, 4] })).toBe(12 * 256 * 2);
});

it('does not guess what is not told', () => {
  expect(kv({ 'x.block_count': 32 })).toBeNull();
  expect(kv({ ...shape, 'x.attention.head_count_kv': [] })).toBeNull();
});

import { expect, test } from 'vitest';
import { modelWords } from '../../../src/text/model-words.ts';

test.each([
  ['parseHTTPRequest(v2)', ['parse', 'http', 'request', 'v', 'v2']],
  ['a a', ['a', 'a']],
  ['重试 retry', ['重', '试', '重试', 'retry']],
  ['0x12345678 12345678', ['0', 'x', 'x12345678']],
  ['', []],
])('%s', (text, words) => {
  expect(modelWords(text)).toEqual(words);
});

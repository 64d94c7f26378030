import { expect, test } from 'vitest';
import { embedderKey, embedderOption } from '../../../src/store/index-identity.ts';

const identity = { digest: '', dimension: 8, documentPrefix: '', queryPrefix: '' };

test.each([
  ['builtin', 'builtin'],
  ['openai:org/embed:8b', 'openai:org/embed:8b'],
  ['nomic-embed-text:v1.5', 'ollama:nomic-embed-text:v1.5'],
])('an index made with %s is extended with %s', (model, option) => {
  expect(embedderOption({ ...identity, model })).toBe(option);
});

test('without an embedder there is none to ask for', () => {
  expect(embedderOption(null)).toBe('none');
});

test('the same name on another kind of server is another embedder', () => {
  expect(embedderKey({ ...identity, model: 'tiny' })).not.toBe(embedderKey({ ...identity, model: 'openai:tiny' }));
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../src/core/packing/canonical-json.ts';

test('keys are sorted at every depth, blanks and undefined fields left out', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 'ü"\n' }], a: null, z: undefined, 中: true })).toBe(
    '{"a":null,"b":[{"c":"ü\\"\\n","d":1}],"中":true}',
  );
});

test('any JSON value has one text, whatever the order of its keys, and is read back from it', () => {
  const shuffled = (value: unknown): unknown =>
    Array.isArray(value) || typeof value !== 'object' || value === null
      ? value
      : Object.fromEntries(Object.entries(value).reverse());
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(shuffled(value))).toBe(text);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
});

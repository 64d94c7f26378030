import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunkKinds } from '../../../src/core/chunk.ts';
import { fromInt8 } from '../../../src/core/packing/int8.ts';
import {
  countChunks,
  countTerms,
  packChunks,
  textColumn,
  unpackChunks,
} from '../../../src/core/packing/packed-chunks.ts';

const text = fc.string({ unit: 'grapheme' });
const fields = { name: text, context: text, text, terms: text, startLine: fc.nat(), endLine: fc.nat() };
const vector = fc
  .tuple(fc.constantFrom(127, -127), fc.integer({ min: -127, max: 127 }))
  .map((values) => fromInt8(Int8Array.from(values)));
const chunk = fc.record(
  { ...fields, kind: fc.constantFrom(...chunkKinds), vector },
  { requiredKeys: ['name', 'context', 'text', 'terms', 'startLine', 'endLine', 'kind'] },
);

describe('the chunks of a file, packed', () => {
  test('come back as they were, from anywhere in a buffer', () => {
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 20 }), fc.nat(8), (chunks, offset) => {
        const packed = packChunks({
          kinds: chunks.map(({ kind }) => kind),
          startLines: chunks.map(({ startLine }) => startLine),
          endLines: chunks.map(({ endLine }) => endLine),
          names: textColumn(chunks.map(({ name }) => name)),
          contexts: textColumn(chunks.map(({ context }) => context)),
          texts: textColumn(chunks.map((given) => given.text)),
          terms: textColumn(chunks.map(({ terms }) => terms)),
          vectors: chunks.map((given) => given.vector),
        });
        const moved = new Uint8Array(packed.length + offset);
        moved.set(packed, offset);
        expect(countChunks(moved.subarray(offset))).toBe(chunks.length);
        expect(countTerms(moved.subarray(offset))).toBe(
          chunks.reduce((sum, { terms }) => sum + terms.split(' ').filter((term) => term !== '').length, 0),
        );
        expect(unpackChunks(moved.subarray(offset))).toEqual(chunks);
      }),
    );
  });
});

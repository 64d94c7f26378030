import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { symbolKinds } from '../../../src/core/code-graph.ts';
import { foldHash, packSymbols, symbolKeys, unpackSymbols } from '../../../src/text/packed-symbols.ts';

const symbol = fc.record({
  name: fc.string({ unit: 'grapheme' }),
  kind: fc.constantFrom(...symbolKinds),
  container: fc.string(),
  startLine: fc.nat(),
  endLine: fc.nat(),
  nameStart: fc.nat(),
  signature: fc.string({ unit: 'grapheme', maxLength: 200 }),
});

describe('the definitions of a file, packed', () => {
  test('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ symbol, chunk: fc.nat() }), { maxLength: 50 }), (placed) => {
        expect(unpackSymbols(packSymbols(placed).content)).toEqual(placed);
      }),
    );
  });

  test('keys are of folded names and fit 32 bits', () => {
    // Test vectors of FNV-1a 32.
    expect([foldHash(''), foldHash('a'), foldHash('foobar')].map((hash) => (hash >>> 0).toString(16))).toEqual([
      '811c9dc5',
      'e40c292c',
      'bf9cf968',
    ]);
    const place = { kind: 'function' as const, container: '', startLine: 1, endLine: 1, nameStart: 0, signature: '' };
    const placed = ['parseURL', 'parse_url', 'other'].map((name) => ({ symbol: { ...place, name }, chunk: 0 }));
    expect([...symbolKeys(placed)]).toEqual(['parseurl', 'parseurl', 'other'].map(foldHash));
  });
});

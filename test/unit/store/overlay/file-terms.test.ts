import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyseTerms, chunkAt, rangeOf } from '../../../../src/store/overlay/file-terms.ts';

/** Frequency of a term by chunk. */
function found(terms: readonly string[], term: string): Map<number, number> {
  const analysed = analyseTerms(terms);
  const { start, end } = rangeOf(analysed, term);
  const places = Array.from({ length: end - start }, (_, i) => start + i);
  return new Map(places.map((place) => [chunkAt(analysed, place), analysed.frequencies[place]!]));
}

const wordsOf = (line: string): string[] => line.split(' ').filter((word) => word !== '');

function counted(terms: readonly string[], term: string): Map<number, number> {
  const counts = terms.map((line) => wordsOf(line).filter((word) => word === term).length);
  return new Map([...counts.entries()].filter(([, count]) => count > 0));
}

const word = fc.oneof(
  fc.constantFrom('a', 'b', 'ab', 'ba', 'día', '日本', '本語', 'x'.repeat(90)),
  fc.stringMatching(/^[a-z_]{1,12}$/),
);
const line = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '));

describe('the terms of a file', () => {
  test('are found in the chunks that have them, as often as they do', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), word, (lines, other) => {
        expect([...analyseTerms(lines).lengths]).toEqual(lines.map((text) => wordsOf(text).length));
        for (const term of new Set([...lines.flatMap(wordsOf), other]))
          expect(found(lines, term)).toEqual(counted(lines, term));
      }),
      { numRuns: 200 },
    );
  });

  test('odd spaces part terms as single ones do', () => {
    expect(found(['  two  two ', '', ' '], 'two')).toEqual(new Map([[0, 2]]));
    expect(found(['a b'], '')).toEqual(new Map());
  });

  test('thirty thousand terms do not share a hash, in a file of ten thousand chunks either', () => {
    for (const chunks of [10, 10_000]) {
      const perChunk = 30_000 / chunks;
      const lines = Array.from({ length: chunks }, (_, chunk) =>
        Array.from({ length: perChunk }, (_unused, i) => `term${chunk * perChunk + i}`).join(' '),
      );
      const { keys } = analyseTerms(lines);
      expect(new Set([...keys].map((key) => Math.floor(key / chunks))).size).toBe(30_000);
      expect(found(lines, 'term27777')).toEqual(new Map([[Math.floor(27_777 / perChunk), 1]]));
      expect(found(lines, 'absent')).toEqual(new Map());
    }
  });
});

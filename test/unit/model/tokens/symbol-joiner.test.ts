import fc from 'fast-check';
import { expect, it } from 'vitest';
import { symbolJoiner } from '../../../../src/model/tokens/symbol-joiner.ts';

/** Ranks of texts that two symbols make together. */
type Ranks = Readonly<Record<string, number>>;

/** Joins as the rule says it, one pass for each pair: the lowest rank, the leftmost of equal ones. */
function joinedSlowly(text: string, ranks: Ranks): readonly string[] {
  const parts = text.split('');
  for (;;) {
    const options = parts.slice(1).map((part, left) => ranks[parts[left]! + part] ?? Infinity);
    const best = Math.min(Infinity, ...options);
    if (best === Infinity) return parts;
    const left = options.indexOf(best);
    parts.splice(left, 2, parts[left]! + parts[left + 1]!);
  }
}

it('joins as the slow way does', () => {
  const join = symbolJoiner();
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 2, maxLength: 4 });
  const rankings = fc.dictionary(word, fc.nat(5), { minKeys: 1, maxKeys: 20 });
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 30 });
  fc.assert(
    fc.property(rankings, texts, (ranks, text) => {
      const parts = text.split('');
      const joined: string[] = [];
      join(
        parts.length,
        {
          rank: (left, right) => ranks[parts[left]! + parts[right]!] ?? -1,
          join: (left, right) => {
            parts[left] += parts[right]!;
          },
        },
        (symbol) => joined.push(parts[symbol]!),
      );
      expect(joined).toEqual(joinedSlowly(text, ranks));
    }),
    { numRuns: 2_000 },
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTokens, prefixWithin } from '../../../src/text/tokens.ts';

// Counts of the Llama 2 vocabulary (32,000 entries), which splits finer than those of newer models.
const counted: readonly (readonly [string, number])[] = [
  ['export function estimateTokens(text: string): number {\n  return Math.ceil(total);\n}\n', 25],
  [
    'def load_config(path):\n    """Reads the configuration file."""\n    with open(path) as file:\n        return json.load(file)\n',
    37,
  ],
  ['The lock is taken before the first write and released when the process ends.', 15],
  ['for (int i = 0; i < 100; i++) { sum += values[i] * 0x1F; }', 32],
  ['索引是可以重建的缓存，目录才是日志。如果服务器没有运行，就返回证据。', 38],
  ['{"name": "lorekeep", "version": "0.1.0", "private": true}', 23],
];

describe('estimateTokens', () => {
  it('is nothing for nothing', () => {
    expect(estimateTokens('')).toBe(0);
  });

  it.each(counted)('is near the real count, on the safe side, for %j', (text, tokens) => {
    const ratio = estimateTokens(text) / tokens;
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.5);
  });

  it('counts a text made of two at no less than either', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        expect(estimateTokens(one + other)).toBeGreaterThanOrEqual(
          Math.max(estimateTokens(one), estimateTokens(other)) - 3,
        );
      }),
    );
  });
});

describe('prefixWithin', () => {
  it('is a prefix that the budget holds, and the whole text where it fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 0, max: 100 }), (text, budget) => {
        const prefix = text.slice(0, prefixWithin(text, budget));
        expect(estimateTokens(prefix)).toBeLessThanOrEqual(budget);
        expect(prefix === text).toBe(estimateTokens(text) <= budget);
      }),
    );
  });

  it('never ends within a surrogate pair', () => {
    expect(prefixWithin('😀😀', 2)).toBe(2);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultChunkOptions, resolveChunkOptions } from '../../../indexer/chunk/chunk-options.ts';

describe('resolveChunkOptions', () => {
  it('gives the defaults when nothing is given', () => {
    expect(resolveChunkOptions()).toEqual(defaultChunkOptions);
  });

  it('scales what is left out with the target', () => {
    expect(resolveChunkOptions({ targetChars: 1120 })).toEqual({
      targetChars: 1120,
      maxChars: 1640,
      maxLineChars: 3280,
      ownChars: 450,
    });
  });

  it('keeps the sizes in order, whatever is given', () => {
    const size = fc.integer({ min: -10, max: 5000 });
    const anySizes = fc.record(
      { targetChars: size, maxChars: size, maxLineChars: size, ownChars: size },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anySizes, (given) => {
        const options = resolveChunkOptions(given);
        expect(options.ownChars).toBeLessThanOrEqual(options.targetChars);
        expect(options.targetChars).toBeLessThanOrEqual(options.maxChars);
        expect(options.maxChars).toBeLessThanOrEqual(options.maxLineChars);
        expect(options.targetChars).toBeGreaterThanOrEqual(16);
      }),
    );
  });
});

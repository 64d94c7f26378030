import { describe, expect, it } from 'vitest';
import { chooseWindow } from '../../../../src/model/ollama/window-tokens.ts';
import type { WindowNeeds } from '../../../../src/model/ollama/window-tokens.ts';

const gib = 1024 ** 3;
/** deepseek-coder:6.7b: half a MiB a token, so 8K of window is 4 GiB. */
const needs: WindowNeeds = {
  trainedTokens: 16_384,
  isEmbedder: false,
  kvBytesPerToken: 512 * 1024,
  weightBytes: 3.8 * gib,
  memory: { ramBytes: 64 * gib, gpuBytes: null },
  loaded: null,
};
const ram = (gibs: number): Partial<WindowNeeds> => ({ memory: { ramBytes: gibs * gib, gpuBytes: null } });
const loaded = (windowTokens: number | null, bytes = 6 * gib, gpuBytes = 0): Partial<WindowNeeds> => ({
  loaded: { name: 'm', digest: 'd', expiresAt: 0, bytes, gpuBytes, windowTokens },
});

describe('the window of a model', () => {
  it.each<[string, Partial<WindowNeeds>, number]>([
    ['what it was trained for, where memory is plenty', {}, 16_384],
    ['never more than 32K', { trainedTokens: 262_144 }, 32_768],
    ['what fits: 16K would take 8 GiB', ram(12), 8_192],
    ['the least, where nothing fits', ram(2), 4_096],
    ['what it was trained for, if that is less', { trainedTokens: 2_048 }, 2_048],
    ['a whole step below an odd length', { trainedTokens: 10_000 }, 8_192],
    ['the least, where its length is unknown', { trainedTokens: null }, 4_096],
    ['by a cautious guess, where its shape is unknown', { ...ram(12), kvBytesPerToken: null }, 8_192],
    ['small for vectors', { isEmbedder: true, trainedTokens: 8_192 }, 4_096],
    ['cautious on another machine', { memory: null }, 8_192],
    ['what it is loaded with, though memory is short now', { ...ram(2), ...loaded(16_384) }, 16_384],
    ['more than it is loaded with, where that fits', loaded(4_096), 16_384],
    ['none that only another program chose', loaded(13_000), 16_384],
    ['by the memory that its present window gives back', { ...ram(5), ...loaded(null, 8 * gib) }, 8_192],
    ['by the memory of the graphics processor', { memory: { ramBytes: 64 * gib, gpuBytes: 10 * gib } }, 8_192],
    [
      'by the other memory, where not even the weights fit there',
      { memory: { ramBytes: 64 * gib, gpuBytes: gib } },
      16_384,
    ],
    ['cautious on a graphics processor that nobody knows', loaded(null, 6 * gib, 6 * gib), 8_192],
  ])('is %s', (_case, more, window) => {
    expect(chooseWindow({ ...needs, ...more })).toBe(window);
  });
});

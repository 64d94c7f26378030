import { describe, expect, it } from 'vitest';
import { PromptSpeed } from '../../../src/model/prompt-speed.ts';
import { inMemoryPromptSpeed } from '../../support/in-memory-prompt-speed.ts';

describe('PromptSpeed', () => {
  it('keeps a measurement beyond the object, by model', async () => {
    const store = inMemoryPromptSpeed();
    await new PromptSpeed(store).record('big', 1_000, 10);
    expect(await new PromptSpeed(store).of('big')).toBe(100);
    expect(await new PromptSpeed(store).of('small')).toBeNull();
  });

  it('moves half way to a slower measurement, and upwards only by half, as a cached prompt seems fast', async () => {
    const speed = new PromptSpeed(inMemoryPromptSpeed());
    await speed.record('big', 1_000, 10);
    await speed.record('big', 1_000, 0.01);
    expect(await speed.of('big')).toBe(150);
    await speed.record('big', 1_000, 20);
    expect(await speed.of('big')).toBe(100);
  });

  it('does not waver with the load of the machine', async () => {
    const speed = new PromptSpeed(inMemoryPromptSpeed());
    for (const seconds of [10, 8, 12.5]) await speed.record('big', 1_000, seconds);
    expect(await speed.of('big')).toBe(100);
  });

  it.each([
    [10, 1],
    [1_000, 0],
    [1_000, Number.NaN],
  ])('learns nothing from %d tokens in %d s', async (tokens, seconds) => {
    const speed = new PromptSpeed(inMemoryPromptSpeed());
    await speed.record('big', tokens, seconds);
    expect(await speed.of('big')).toBeNull();
  });

  it.each(['{', '[]', 'null', '{"big":"fast"}', '{"big":-1}', '{"big":null}'])(
    'starts anew on a file with %s',
    async (text) => {
      const speed = new PromptSpeed({ read: async () => text, write: async () => undefined });
      expect(await speed.of('big')).toBeNull();
    },
  );

  it('lives with a store that fails', async () => {
    const broken = async (): Promise<never> => {
      throw new Error('disk full');
    };
    const speed = new PromptSpeed({ read: broken, write: broken });
    await speed.record('big', 1_000, 10);
    expect(await speed.of('big')).toBeNull();
  });
});

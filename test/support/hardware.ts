import type { Hardware } from '../../src/core/hardware.ts';

/** GiB as bytes. */
export const gib = 2 ** 30;

/** A small x64 machine without a GPU, changed where a test cares. */
export function hardwareOf(changes: Partial<Hardware> = {}): Hardware {
  return {
    architecture: 'x64',
    processor: 'A processor',
    cores: 8,
    features: ['avx2', 'fma'],
    memoryBytes: 32 * gib,
    availableBytes: 20 * gib,
    gpus: [],
    ...changes,
  };
}

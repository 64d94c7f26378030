import { describe, expect, test } from 'vitest';
import { recommendModel } from '../../../src/verbs/doctor/recommend-model.ts';
import { gib, hardwareOf } from '../../support/hardware.ts';

const gpu = (gigabytes: number | null) => ({ name: 'A GPU', memoryBytes: gigabytes === null ? null : gigabytes * gib });

describe('the model for a machine', () => {
  test.each([
    // GPU memory in GB, memory in GB, cores, model
    { gpus: [24], memory: 64, cores: 8, model: 'deepseek-coder:33b' },
    { gpus: [80], memory: 512, cores: 64, model: 'deepseek-coder:33b' },
    { gpus: [12, 12], memory: 64, cores: 8, model: 'deepseek-coder:33b' },
    { gpus: [24], memory: 32, cores: 8, model: 'deepseek-coder-v2:16b' },
    { gpus: [16], memory: 32, cores: 8, model: 'deepseek-coder-v2:16b' },
    { gpus: [12], memory: 32, cores: 8, model: 'deepseek-coder:6.7b' },
    { gpus: [8], memory: 16, cores: 2, model: 'deepseek-coder:6.7b' },
    { gpus: [8], memory: 8, cores: 8, model: 'deepseek-coder:1.3b' },
    { gpus: [4], memory: 16, cores: 8, model: 'deepseek-coder:6.7b' },
    { gpus: [null], memory: 64, cores: 8, model: 'deepseek-coder:6.7b' },
    { gpus: [], memory: 512, cores: 64, model: 'deepseek-coder:6.7b' },
    { gpus: [], memory: 16, cores: 4, model: 'deepseek-coder:6.7b' },
    { gpus: [], memory: 16, cores: 2, model: 'deepseek-coder:1.3b' },
    { gpus: [], memory: 8, cores: 8, model: 'deepseek-coder:1.3b' },
    { gpus: [], memory: 2, cores: 1, model: 'deepseek-coder:1.3b' },
  ])('with $gpus GB of GPU memory, $memory GB and $cores cores is $model', ({ gpus, memory, cores, model }) => {
    const machine = hardwareOf({ gpus: gpus.map(gpu), memoryBytes: memory * gib, cores });
    expect(recommendModel(machine)).toMatchObject({ model, quantization: 'Q4_K_M' });
  });

  test('takes what firmware and drivers keep for themselves into account', () => {
    const card = { name: 'NVIDIA GeForce RTX 4090', memoryBytes: 24_564 * 2 ** 20 };
    expect(recommendModel(hardwareOf({ gpus: [card], memoryBytes: 62.5 * gib })).model).toBe('deepseek-coder:33b');
    expect(recommendModel(hardwareOf({ memoryBytes: 15.4 * gib, cores: 4 })).model).toBe('deepseek-coder:6.7b');
  });

  test('on a board of 8 GB is from 1.3B to 3B', () => {
    const board = hardwareOf({ architecture: 'arm64', memoryBytes: 7.6 * gib, cores: 6 });
    expect(recommendModel(board)).toMatchObject({ model: 'deepseek-coder:1.3b', range: '1.3B to 3B' });
  });
});

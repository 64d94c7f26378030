import { expect, test } from 'vitest';
import { memoryPlan } from '../../../indexer/run/memory-plan.ts';

test.each([
  { budget: 300, threads: 1 },
  { budget: 400, threads: 1 },
  { budget: 700, threads: 4 },
  { budget: 1200, threads: 8 },
])('$budget MB are divided among $threads threads, if there may be as many', ({ budget, threads }) => {
  expect(memoryPlan(budget, 8).threads).toBe(threads);
  expect(memoryPlan(budget, 1).threads).toBe(1);
});

test('less memory means smaller windows and batches, down to a least size', () => {
  const plans = [100, 400, 500, 600, 1200].map((budget) => memoryPlan(budget, 8));
  for (const field of ['windowBytes', 'batchChunks', 'recycleBytes'] as const) {
    const values = plans.map((plan) => plan[field]);
    expect(values).toEqual(values.toSorted((left, right) => left - right));
  }
  expect(plans[0]).toMatchObject({ windowBytes: 4 * 2 ** 20, batchChunks: 512 });
  expect(plans.at(-1)).toMatchObject({ windowBytes: 32 * 2 ** 20, batchChunks: 4096 });
});

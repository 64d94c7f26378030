import { describe, expect, it } from 'vitest';
import { mean, ndcg, percentile, ranksOf, recall, reciprocalRank } from '../../relevance/metrics.ts';

const results = [
  { path: 'a', startLine: 1, endLine: 9 },
  { path: 'b', startLine: 1, endLine: 9 },
  { path: 'a', startLine: 10, endLine: 20 },
];

describe('relevance metrics', () => {
  it('ranks targets by path and by overlapping lines', () => {
    expect(ranksOf(results, [{ path: 'b' }, { path: 'a', startLine: 15, endLine: 15 }, { path: 'c' }])).toEqual([
      2,
      3,
      null,
    ]);
  });

  it('computes NDCG as defined', () => {
    expect(ndcg([1])).toBe(1);
    expect(ndcg([2])).toBeCloseTo(1 / Math.log2(3), 12);
    expect(ndcg([1, 1])).toBeCloseTo(1 / (1 + 1 / Math.log2(3)), 12);
    expect(ndcg([null, 11])).toBe(0);
  });

  it('computes recall, reciprocal rank, mean and percentiles', () => {
    expect(recall([1, null, 12, 3])).toBe(0.5);
    expect(reciprocalRank([null, 4, 2])).toBe(0.5);
    expect(reciprocalRank([null])).toBe(0);
    expect(mean([1, 2, 6])).toBe(3);
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5);
  });
});

import { describe, expect, it } from 'vitest';
import {
  estimate,
  mean,
  ndcg,
  ranksOf,
  recall,
  reciprocalRank,
  resultsWithin,
  resultTokens,
} from '../../../src/retrieval/metrics.ts';
import { percentile } from '../../bench/percentile.ts';

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

  it('lets a second chunk of a file use up a rank and earn nothing', () => {
    const twice = [results[0]!, results[2]!, results[1]!];
    expect(ranksOf(twice, [{ path: 'a' }, { path: 'b' }])).toEqual([1, 3]);
    expect(ndcg([1, 3])).toBeCloseTo((1 + 0.5) / (1 + 1 / Math.log2(3)), 12);
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

  it('counts tokens in UTF-8 bytes, the header included, and takes whole results only', () => {
    expect(resultTokens({ path: 'a', startLine: 1, endLine: 9, text: 'xyz' })).toBe(3);
    expect(resultTokens({ path: 'a', startLine: 1, endLine: 9, text: '字x' })).toBe(3);
    expect(resultsWithin([100, 200, 300], 300)).toBe(2);
    expect(resultsWithin([100, 200, 300], 299)).toBe(1);
    expect(resultsWithin([600, 10], 500)).toBe(0);
    expect(resultsWithin([1], 500)).toBe(1);
  });

  it('gives a mean its interval, within what is possible', () => {
    expect(estimate([1, 1, 1])).toEqual({ mean: 1, low: 1, high: 1 });
    expect(estimate([])).toEqual({ mean: 0, low: 0, high: 0 });
    const { mean: middle, low, high } = estimate([0, 1, 0, 1], [-9, 9]);
    // Standard error of this sample: the root of 1/3 over 2.
    expect([middle, high - low]).toEqual([0.5, expect.closeTo(2 * 1.96 * Math.sqrt(1 / 3 / 4), 12)]);
    expect(estimate([0, 1]).low).toBe(0);
    expect(estimate([0, 1]).high).toBe(1);
  });
});

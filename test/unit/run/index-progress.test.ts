import { describe, expect, it } from 'vitest';
import { ProgressMeter, type IndexProgress } from '../../../indexer/run/index-progress.ts';

describe('ProgressMeter', () => {
  it('reports one fraction that never falls and ends at 1', () => {
    const seen: IndexProgress[] = [];
    const meter = new ProgressMeter((progress) => seen.push(progress), true);
    meter.found(500);
    meter.planned(2, 300);
    meter.parsed(100);
    meter.recorded(10);
    meter.stored(10);
    // New chunks make the part that is stored smaller; the bar must not go back.
    meter.recorded(90);
    meter.parsed(200);
    meter.embedding();
    meter.stored(90);
    meter.finishing();
    meter.finished();
    const fractions = seen.map(({ fraction }) => fraction);
    expect(fractions).toEqual(fractions.toSorted((left, right) => left - right));
    expect(fractions.at(-1)).toBe(1);
    expect(new Set(seen.map(({ stage }) => stage))).toEqual(new Set(['walk', 'parse', 'write', 'embed', 'finish']));
    expect(seen.at(-1)).toMatchObject({
      files: { done: 2, total: 2 },
      bytes: { done: 300, total: 300 },
      chunks: { done: 100, total: 100 },
    });
  });

  it('comes to its end when there is nothing to do', () => {
    const seen: number[] = [];
    const meter = new ProgressMeter(({ fraction }) => seen.push(fraction), false);
    meter.planned(0, 0);
    meter.finishing();
    meter.finished();
    expect(seen.at(-1)).toBe(1);
  });
});

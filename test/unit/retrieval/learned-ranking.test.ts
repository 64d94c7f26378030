import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../src/retrieval/candidate.ts';
import { learnedRanking } from '../../../src/retrieval/learned-ranking.ts';
import { analyseQuestion } from '../../../src/retrieval/query-analysis.ts';
import { featureNames, rankingFeatures, type RuledCandidate } from '../../../src/retrieval/ranking-features.ts';
import model from '../../../src/retrieval/ranking-model.json' with { type: 'json' };
import { TreeEnsemble } from '../../../src/retrieval/tree-ensemble.ts';

function ruled(
  path: string,
  cosine: number,
  more: Partial<Candidate> & { name?: string; score?: number } = {},
): RuledCandidate {
  const { name = '', score = 1, ...rest } = more;
  const place = { id: 1, generation: 1, language: 'go', kind: 'definition' as const, startLine: 1, endLine: 2 };
  const candidate: Candidate = {
    project: 'p',
    hit: { ...place, file: path.length, path, name, score: 0 },
    lexical: 0.5,
    dense: cosine,
    cosine,
    lexicalRank: 3,
    denseRank: 1,
    definitions: [],
    ...rest,
  };
  return { candidate, score, signals: [{ signal: 'path-match', value: 0.4 }] };
}

const question = analyseQuestion('how are expired sessions removed');
const numberOf = (sample: readonly number[] | undefined, name: (typeof featureNames)[number]) =>
  sample?.[featureNames.indexOf(name)];

describe('rankingFeatures', () => {
  it('gives one number for each name', () => {
    const samples = rankingFeatures(question, [ruled('a.go', 0.8), ruled('bb.go', 0.2)]);
    expect(samples.map((sample) => sample.length)).toEqual([featureNames.length, featureNames.length]);
    expect(samples.flat().every(Number.isFinite)).toBe(true);
  });

  it('tells how far a chunk is behind the nearest, and what its file says as a whole', () => {
    const [first, second] = rankingFeatures(question, [ruled('a.go', 0.8), ruled('a.go', 0.6)]);
    expect(numberOf(second, 'cosine-gap')).toBeCloseTo(0.2);
    expect(numberOf(first, 'file-cosine-second')).toBeCloseTo(0.6);
    expect(numberOf(second, 'file-cosine')).toBeCloseTo(0.8);
    expect(numberOf(first, 'lexical-rank')).toBeCloseTo(1 / 4);
    expect(numberOf(first, 'path-match')).toBe(0.4);
  });

  it('sees names of definitions that the question is about', () => {
    const [about, other] = rankingFeatures(question, [
      ruled('a.go', 0.5, { name: 'removeExpiredSessions' }),
      ruled('bb.go', 0.5, { name: 'openFile' }),
    ]);
    expect(numberOf(about, 'defined-names')).toBeGreaterThan(0.5);
    expect(numberOf(other, 'defined-names')).toBe(0);
  });
});

describe('learnedRanking', () => {
  it('explains every correction: the signals add up to the score', () => {
    const before = [ruled('a.go', 0.8, { score: 2 }), ruled('bb.go', 0.3, { lexical: 0.1, score: 1 })];
    for (const { score, signals } of learnedRanking(question, before)) {
      const learned = signals
        .filter(({ signal }) => signal.startsWith('learned'))
        .reduce((sum, { value }) => sum + value, 0);
      const rules = score - learned;
      expect([1, 2].some((given) => Math.abs(given - rules) < 1e-9)).toBe(true);
    }
  });

  it('never takes a score below what the rules gave', () => {
    const before = Array.from({ length: 120 }, (_, at) =>
      ruled(`${'x'.repeat(at)}.go`, 1 - at / 120, { score: 3 - at / 60 }),
    );
    const after = learnedRanking(question, before);
    expect(after).toHaveLength(120);
    for (const { candidate, score } of after) {
      const given = before.find((entry) => entry.candidate === candidate)!;
      expect(score).toBeGreaterThanOrEqual(given.score - 1e-9);
    }
  });

  it('was fitted to the very features that are computed', () => {
    expect(model.features).toEqual(featureNames);
  });

  it('no candidates, no ranking', () => {
    expect(learnedRanking(question, [])).toEqual([]);
  });
});

describe('TreeEnsemble', () => {
  const tree = {
    feature: [0, 0, 1, 0, 0],
    threshold: [0.5, 0, 2, 0, 0],
    left: [1, 1, 3, 3, 4],
    right: [2, 1, 4, 3, 4],
    value: [0, -1, 0.5, 0.25, 1],
  };
  const ensemble = new TreeEnsemble({ features: ['a', 'b'], trees: [tree, tree] });

  it('puts each step down to the feature that decided it', () => {
    const shares = ensemble.contributions([
      [0.5, 9],
      [0.6, 2],
      [0.6, 3],
    ]);
    expect(shares.map((sample) => [...sample])).toEqual([
      [-2, 0],
      [1, -0.5],
      [1, 1],
    ]);
    expect(ensemble.contributions([])).toEqual([]);
  });
});

import type { Query } from './query-analysis.ts';
import { featureNames, rankingFeatures, type RuledCandidate } from './ranking-features.ts';
import model from './ranking-model.json' with { type: 'json' };
import { TreeEnsemble } from './tree-ensemble.ts';

/** So many of the candidates that the rules like best are looked at again; with half as many the order is worse. */
const rescored = 100;
/** The trees were fitted to what is missing in so many times the rules' score. */
const ruleScale = 2;

const ensemble = new TreeEnsemble(model);

/**
 * Corrects what the rules say by gradient-boosted trees (LambdaMART, Burges 2010) that were fitted to questions about
 * other repositories (test/relevance/ranker). Takes candidates best first; returns them with what each feature adds, all
 * lifted by as much as the lowest falls short of 0, in no order. Pure.
 */
export function learnedRanking(query: Query, ruled: readonly RuledCandidate[]): RuledCandidate[] {
  const best = ruled.slice(0, rescored);
  const shares = ensemble
    .contributions(rankingFeatures(query, best))
    .map((sample) => sample.map((share) => share / ruleScale));
  const corrections = shares.map((parts) => parts.reduce((sum, part) => sum + part, 0));
  const lowest = Math.min(...corrections);
  const corrected = best.map(({ candidate, score, signals }, index) => ({
    candidate,
    score: score + corrections[index]! - lowest,
    signals: [...signals, ...named(shares[index]!), { signal: 'learned:base', value: -lowest }],
  }));
  return [...corrected, ...ruled.slice(rescored)];
}

/** Names of the shares, for people. */
const shareNames = featureNames.map((name) => `learned:${name}`);

function named(shares: Float64Array): { signal: string; value: number }[] {
  return shareNames.flatMap((signal, index) => (shares[index] === 0 ? [] : [{ signal, value: shares[index]! }]));
}

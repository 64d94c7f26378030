import type { Estimate, Rank, RelevantSpan } from '../core/relevance.ts';

/** A search result, best first in its list. */
export interface RankedSpan {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

const bytesPerToken = 4;
/** So many standard errors on either side hold the true mean 95 times in 100. */
const normalQuantile = 1.96;

/** Rank of the first result for each target. A second chunk of a file already shown uses up a rank and earns nothing. */
export function ranksOf(results: readonly RankedSpan[], relevant: readonly RelevantSpan[]): Rank[] {
  return relevant.map((target) => {
    const index = results.findIndex((result) => covers(result, target));
    return index < 0 ? null : index + 1;
  });
}

/**
 * Normalised discounted cumulative gain over the first `k` results with binary gain (Järvelin and Kekäläinen, 2002). Two
 * targets in one result count once.
 */
export function ndcg(ranks: readonly Rank[], k = 10): number {
  const hits = new Set(ranks.filter((rank) => rank !== null && rank <= k));
  const gain = [...hits].reduce((sum: number, rank) => sum + discount(rank ?? k), 0);
  const ideal = Array.from({ length: Math.min(k, ranks.length) }, (_, index) => discount(index + 1));
  return gain / ideal.reduce((sum, value) => sum + value, 0);
}

/** Share of the targets among the first `k` results. */
export function recall(ranks: readonly Rank[], k = 10): number {
  return ranks.filter((rank) => rank !== null && rank <= k).length / ranks.length;
}

/** One over the rank of the first target, 0 if none was found. */
export function reciprocalRank(ranks: readonly Rank[]): number {
  return 1 / Math.min(...ranks.map((rank) => rank ?? Number.POSITIVE_INFINITY));
}

/** What a result costs in a prompt, in tokens: the UTF-8 bytes of its text and its `path:lines` header over 4. */
export function resultTokens({ path, startLine, endLine, text }: RankedSpan & { readonly text: string }): number {
  return Math.ceil(Buffer.byteLength(`${path}:${startLine}-${endLine}\n${text}`) / bytesPerToken);
}

/** How many of the first results fit whole into a number of tokens. */
export function resultsWithin(tokens: readonly number[], budget: number): number {
  let spent = 0;
  for (const [index, cost] of tokens.entries()) {
    spent += cost;
    if (spent > budget) return index;
  }
  return tokens.length;
}

/** Arithmetic mean; 0 of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean of a sample with its normal 95 % interval, cut to the values that are possible. One value has no spread. */
export function estimate(values: readonly number[], [least, most]: readonly [number, number] = [0, 1]): Estimate {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  const error = values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1) / values.length);
  const reach = normalQuantile * error;
  return { mean: middle, low: Math.max(least, middle - reach), high: Math.min(most, middle + reach) };
}

function covers(result: RankedSpan, target: RelevantSpan): boolean {
  if (result.path !== target.path) return false;
  if (target.startLine === undefined || target.endLine === undefined) return true;
  return result.startLine <= target.endLine && result.endLine >= target.startLine;
}

function discount(rank: number): number {
  return 1 / Math.log2(rank + 1);
}

/** A file, or lines of it, that answers a question. */
export interface RelevantSpan {
  readonly path: string;
  readonly startLine?: number;
  readonly endLine?: number;
}

/** A question with what should be found for it. */
export interface LabelledQuestion {
  readonly query: string;
  readonly relevant: readonly RelevantSpan[];
}

/** A search result, best first in its list. */
export interface RankedSpan {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** Rank of each target, from 1; null where it was not found. */
export function ranksOf(results: readonly RankedSpan[], relevant: readonly RelevantSpan[]): (number | null)[] {
  return relevant.map((target) => {
    const index = results.findIndex((result) => covers(result, target));
    return index < 0 ? null : index + 1;
  });
}

/**
 * Normalised discounted cumulative gain over the first `k` results with binary gain (Järvelin and Kekäläinen, 2002). Two
 * targets in one result count once.
 */
export function ndcg(ranks: readonly (number | null)[], k = 10): number {
  const hits = new Set(ranks.filter((rank) => rank !== null && rank <= k));
  const gain = [...hits].reduce((sum: number, rank) => sum + discount(rank ?? k), 0);
  const ideal = Array.from({ length: Math.min(k, ranks.length) }, (_, index) => discount(index + 1));
  return gain / ideal.reduce((sum, value) => sum + value, 0);
}

/** Share of the targets among the first `k` results. */
export function recall(ranks: readonly (number | null)[], k = 10): number {
  return ranks.filter((rank) => rank !== null && rank <= k).length / ranks.length;
}

/** One over the rank of the first target, 0 if none was found. */
export function reciprocalRank(ranks: readonly (number | null)[]): number {
  const best = Math.min(...ranks.map((rank) => rank ?? Number.POSITIVE_INFINITY));
  return 1 / best;
}

/** Arithmetic mean; 0 of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Value below which the given share of the values lie, by linear interpolation; 0 of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? 0;
  return low + (high - low) * (place - Math.floor(place));
}

function covers(result: RankedSpan, target: RelevantSpan): boolean {
  if (result.path !== target.path) return false;
  if (target.startLine === undefined || target.endLine === undefined) return true;
  return result.startLine <= target.endLine && result.endLine >= target.startLine;
}

function discount(rank: number): number {
  return 1 / Math.log2(rank + 1);
}

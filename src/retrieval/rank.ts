import type { SignalShare } from '../core/retrieval.ts';
import { type Candidate, fileKey, type Ranked } from './candidate.ts';
import { pathNames, type PathNames } from './path-match.ts';
import { learnedRanking } from './learned-ranking.ts';
import type { Query } from './query-analysis.ts';
import { addedSignals, type RankingContext } from './added-signals.ts';
import { factorSignals } from './factor-signals.ts';

/** Share of the dense score in the base score when both searches ran; less for a question that is one symbol. */
const denseWeight = 0.5;
const denseWeightForSymbols = 0.3;
/** Each further chunk of a file already shown is worth this much of the one before. */
const repeatFactor = 0.3;

export interface RankingInput {
  readonly query: Query;
  readonly candidates: readonly Candidate[];
  readonly rarity: ReadonlyMap<string, number>;
  /** True when the dense search ran. */
  readonly hybrid: boolean;
  /** True where the learned ranking fits: it was fitted to the cosines of the built-in embedder. */
  readonly learned: boolean;
}

/**
 * Orders candidates, best first, with each signal's share: by rules, then, where it fits, corrected by what was
 * learned from other repositories. Pure and deterministic: ties go by path, then by line.
 */
export function rank(input: RankingInput): Ranked[] {
  const ruled = rankByRules(input);
  const ranked = input.hybrid && input.learned ? learnedRanking(input.query, ruled).sort(byScore) : ruled;
  return spreadOverFiles(ranked).sort(byScore);
}

/** Orders candidates by the rules alone, the further chunks of a file not yet put back. */
export function rankByRules(input: RankingInput): Ranked[] {
  const bases = new Map(input.candidates.map((candidate) => [candidate, baseShares(candidate, input)]));
  const context = rankingContext(input, bases);
  const scored = input.candidates.map((candidate) => score(candidate, bases.get(candidate) ?? [], context));
  return scored.sort(byScore);
}

function baseShares(candidate: Candidate, { hybrid, query }: RankingInput): SignalShare[] {
  if (!hybrid) return [{ signal: 'bm25', value: candidate.lexical }];
  const weight = query.kind === 'symbol' ? denseWeightForSymbols : denseWeight;
  return [
    { signal: 'bm25', value: (1 - weight) * candidate.lexical },
    { signal: 'dense', value: weight * candidate.dense },
  ];
}

function rankingContext(input: RankingInput, bases: ReadonlyMap<Candidate, readonly SignalShare[]>): RankingContext {
  const sums = new Map<string, number>();
  const bestOfFile = new Map<string, Candidate>();
  const base = (candidate: Candidate): number => total(bases.get(candidate) ?? []);
  for (const candidate of input.candidates) {
    const key = fileKey(candidate);
    sums.set(key, (sums.get(key) ?? 0) + base(candidate));
    const best = bestOfFile.get(key);
    if (best === undefined || base(candidate) > base(best)) bestOfFile.set(key, candidate);
  }
  const largest = Math.max(...sums.values(), Number.MIN_VALUE);
  const fileShare = new Map([...sums].map(([key, sum]) => [key, sum / largest]));
  const names = cachedPathNames();
  const namesakes = namesakesOf(input.candidates, names);
  const { query, rarity } = input;
  return { query, rarity, fileShare, bestOfFile, names, namesakes, pathShares: new Map() };
}

function namesakesOf(candidates: readonly Candidate[], names: RankingContext['names']): Map<string, Set<string>> {
  const namesakes = new Map<string, Set<string>>();
  for (const { hit } of candidates) {
    const { foldedStem } = names(hit.path);
    const paths = namesakes.get(foldedStem) ?? new Set();
    namesakes.set(foldedStem, paths.add(hit.path));
  }
  return namesakes;
}

function cachedPathNames(): (path: string) => PathNames {
  const known = new Map<string, PathNames>();
  return (path) => {
    const names = known.get(path) ?? pathNames(path);
    known.set(path, names);
    return names;
  };
}

function score(candidate: Candidate, base: readonly SignalShare[], context: RankingContext): Ranked {
  const signals = [...base];
  for (const { name, value } of addedSignals) push(signals, name, value(candidate, context));
  for (const { name, factor } of factorSignals) {
    push(signals, name, total(signals) * (factor(candidate, context) - 1));
  }
  return { candidate, score: total(signals), signals };
}

/** Ranks are precious: further chunks of a file make room for other files. Expects the best first. */
function spreadOverFiles(ranked: readonly Ranked[]): Ranked[] {
  const shown = new Map<string, number>();
  return ranked.map((entry) => {
    const key = fileKey(entry.candidate);
    const before = shown.get(key) ?? 0;
    shown.set(key, before + 1);
    if (before === 0) return entry;
    const signals = [...entry.signals];
    push(signals, 'same-file', entry.score * (repeatFactor ** before - 1));
    return { candidate: entry.candidate, score: total(signals), signals };
  });
}

function push(signals: SignalShare[], signal: string, value: number): void {
  if (value !== 0) signals.push({ signal, value });
}

function total(signals: readonly SignalShare[]): number {
  return signals.reduce((sum, { value }) => sum + value, 0);
}

function byScore(left: Ranked, right: Ranked): number {
  return right.score - left.score || byPlace(left.candidate, right.candidate);
}

function byPlace({ hit: left }: Candidate, { hit: right }: Candidate): number {
  if (left.path !== right.path) return left.path < right.path ? -1 : 1;
  return left.startLine - right.startLine;
}

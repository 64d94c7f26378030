import type { SignalShare } from '../core/retrieval.ts';
import { splitIdentifier, tokensOf } from '../text/words.ts';
import { type Candidate, fileKey } from './candidate.ts';
import { bestLikeness } from './path-match.ts';
import type { Query } from './query-analysis.ts';

/** What the learned ranking looks at, in the order of its numbers. What files are like in themselves is left out. */
export const featureNames = [
  'lexical',
  'dense',
  'cosine',
  'cosine-gap',
  'lexical-rank',
  'dense-rank',
  'definition',
  'path-match',
  'name-coverage',
  'file-coherence',
  'test-code',
  'file-lexical',
  'file-cosine',
  'file-cosine-second',
  'file-cosine-mean',
  'symbol-question',
  'defined-names',
  'rules',
] as const;

/** A candidate as the rules rank it. */
export interface RuledCandidate {
  readonly candidate: Candidate;
  readonly score: number;
  readonly signals: readonly SignalShare[];
}

/** What a file's candidates say together. */
interface FileFacts {
  lexical: number;
  /** Descending. */
  readonly cosines: number[];
  definedNames: number;
}

/** A file's second best chunk counts as this share of the best where there is only one. */
const missingSecond = 0.7;

/** The numbers of each candidate, in the order of `featureNames`. */
export function rankingFeatures(query: Query, ruled: readonly RuledCandidate[]): number[][] {
  const files = fileFacts(query, ruled);
  const largestLexical = Math.max(...[...files.values()].map(({ lexical }) => lexical), Number.MIN_VALUE);
  const largestCosine = Math.max(...ruled.map(({ candidate }) => candidate.cosine));
  return ruled.map(({ candidate, score, signals }) => {
    const { lexical, cosines, definedNames } = files.get(fileKey(candidate))!;
    const [first = 0, second, third] = cosines;
    return [
      candidate.lexical,
      candidate.dense,
      candidate.cosine,
      largestCosine - candidate.cosine,
      1 / (1 + candidate.lexicalRank),
      1 / (1 + candidate.denseRank),
      ...['definition', 'path-match', 'name-coverage', 'file-coherence'].map((name) => share(signals, name)),
      share(signals, 'test-code') === 0 ? 0 : 1,
      lexical / largestLexical,
      first,
      second ?? first * missingSecond,
      (first + (second ?? 0) + (third ?? 0)) / 3,
      query.kind === 'symbol' ? 1 : 0,
      definedNames,
      score,
    ];
  });
}

function share(signals: readonly SignalShare[], name: string): number {
  return signals.find(({ signal }) => signal === name)?.value ?? 0;
}

function fileFacts(query: Query, ruled: readonly RuledCandidate[]): Map<string, FileFacts> {
  const files = new Map<string, FileFacts>();
  for (const { candidate } of ruled) {
    const key = fileKey(candidate);
    const facts = files.get(key) ?? { lexical: 0, cosines: [], definedNames: 0 };
    files.set(key, facts);
    facts.lexical += candidate.lexical;
    facts.cosines.push(candidate.cosine);
    facts.definedNames = Math.max(facts.definedNames, nameLikeness(query, candidate.hit.name));
  }
  for (const { cosines } of files.values()) cosines.sort((left, right) => right - left);
  return files;
}

/** How much of the question a definition's name is about, less where the name is about more than that. */
function nameLikeness({ words }: Query, name: string): number {
  const own = [...new Set(tokensOf(name).flatMap(splitIdentifier))];
  if (own.length === 0 || words.length === 0) return 0;
  const asked = mean(words.map((word) => bestLikeness(word, own)));
  const covered = mean(own.map((word) => bestLikeness(word, words)));
  return (asked * (1 + covered)) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

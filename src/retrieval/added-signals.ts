import { type Candidate, fileKey } from './candidate.ts';
import { bestLikeness, type PathNames } from './path-match.ts';
import type { Query } from './query-analysis.ts';

/** What the signals know besides the candidate. */
export interface RankingContext {
  readonly query: Query;
  /** Weight of each query word in path matches, 0…1. */
  readonly rarity: ReadonlyMap<string, number>;
  /** Sum of base scores of each file's candidates, as a share of the largest such sum. */
  readonly fileShare: ReadonlyMap<string, number>;
  /** The candidate of each file with the best base score. */
  readonly bestOfFile: ReadonlyMap<string, Candidate>;
  readonly names: (path: string) => PathNames;
  /** Shares of the question found in each path, as they become known. */
  readonly pathShares: Map<string, number>;
  /** Paths of the candidates by file name without extension, folded. */
  readonly namesakes: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Adds to a score: 0 is no opinion. */
export interface AddedSignal {
  readonly name: string;
  readonly value: (candidate: Candidate, context: RankingContext) => number;
}

const coherenceWeight = 0.4;
const pathWeight = 1.2;
const folderShare = 0.5;
const nameCoverageWeight = 0.6;
const ownFileFactor = 1.5;
const phraseWeight = 1;
const spelledPathWeight = 3;

/** A file with many good chunks is more likely the one; its best chunk speaks for it. */
const coherence: AddedSignal = {
  name: 'file-coherence',
  value: (candidate, { bestOfFile, fileShare }) =>
    bestOfFile.get(fileKey(candidate)) === candidate ? coherenceWeight * (fileShare.get(fileKey(candidate)) ?? 0) : 0,
};

/** The chunk defines a name that the question asks for; more so in a file of that very name. */
const definition: AddedSignal = {
  name: 'definition',
  value: ({ definitions, hit }, { names }) => {
    const { foldedStem } = names(hit.path);
    const values = definitions.map(({ weight, name }) => weight * (name === foldedStem ? ownFileFactor : 1));
    return Math.max(0, ...values);
  },
};

/** Query words found in the file's name or its folders' names, rare words weighing more. */
const pathMatch: AddedSignal = {
  name: 'path-match',
  value: ({ hit }, context) => pathWeight * pathShare(hit.path, context),
};

/** How much of the file's own name the question mentions. */
const nameCoverage: AddedSignal = {
  name: 'name-coverage',
  value: ({ hit }, context) => {
    const { stemWords } = context.names(hit.path);
    const share = pathShare(hit.path, context);
    if (share === 0 || stemWords.length === 0) return 0;
    const covered = stemWords.reduce((sum, word) => sum + bestLikeness(word, context.query.words), 0);
    return (nameCoverageWeight * (covered / stemWords.length) * (1 + share)) / 2;
  },
};

/** The text holds a phrase that the question quotes. */
const quotedPhrase: AddedSignal = {
  name: 'quoted-phrase',
  value: ({ text }, { query }) => {
    if (text === undefined || query.phrases.length === 0) return 0;
    const lower = text.toLowerCase();
    const found = query.phrases.filter((phrase) => lower.includes(phrase.toLowerCase())).length;
    return (phraseWeight * found) / query.phrases.length;
  },
};

/** The question spells out the path or file name. */
const spelledPath: AddedSignal = {
  name: 'spelled-path',
  value: ({ hit }, { query }) => {
    const path = `/${hit.path.toLowerCase()}`;
    return query.paths.some((asked) => path.endsWith(`/${asked.replace(/^[./]+/, '')}`)) ? spelledPathWeight : 0;
  },
};

/** Signals in the order in which they are explained. */
export const addedSignals: readonly AddedSignal[] = [
  definition,
  pathMatch,
  nameCoverage,
  coherence,
  quotedPhrase,
  spelledPath,
];

function pathShare(path: string, context: RankingContext): number {
  const known = context.pathShares.get(path) ?? shareInPath(path, context);
  context.pathShares.set(path, known);
  return known;
}

function shareInPath(path: string, { query, rarity, names }: RankingContext): number {
  const { stemWords, folderWords } = names(path);
  let found = 0;
  let possible = 0;
  for (const word of query.words) {
    const weight = rarity.get(word) ?? 0;
    possible += weight;
    found += weight * Math.max(bestLikeness(word, stemWords), folderShare * bestLikeness(word, folderWords));
  }
  return possible === 0 ? 0 : found / possible;
}

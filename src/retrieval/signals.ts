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
}

/** Adds to a score: 0 is no opinion. */
export interface AddedSignal {
  readonly name: string;
  readonly value: (candidate: Candidate, context: RankingContext) => number;
}

/** Multiplies a score: 1 is no opinion. */
export interface FactorSignal {
  readonly name: string;
  readonly factor: (candidate: Candidate, context: RankingContext) => number;
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

const testPath =
  /(?:^|\/)(?:tests?|specs?|__tests__|testing|testdata|mocks?|__mocks__|fixtures?|bench(?:mark)?s?|benches)(?:\/|$)|[._-](?:test|spec|tests)\.[^/]*$|(?:^|\/)(?:test_[^/]*|[^/]*_test)\.[^/]*$|(?:Tests?|Spec)\.(?:java|kt|cs|scala|swift|php|groovy)$/;
const examplePath = /(?:^|\/)(?:examples?|samples?|demos?|legacy|deprecated|vendor(?:ed)?|third_party|compat)(?:\/|$)/;
const asksForTests = /\b(?:tests?|testing|specs?|mock\w*|fixture\w*|benchmark\w*)\b|测试|テスト/i;
const asksForExamples = /\b(?:examples?|samples?|demos?|legacy|deprecated|vendor\w*)\b|示例|例子/i;

/** Tests say how code is used; the code itself answers better unless tests are asked for. */
const testCode: FactorSignal = {
  name: 'test-code',
  factor: ({ hit }, { query }) => (testPath.test(hit.path) && !asksForTests.test(query.question) ? 0.3 : 1),
};

const exampleCode: FactorSignal = {
  name: 'example-code',
  factor: ({ hit }, { query }) => (examplePath.test(hit.path) && !asksForExamples.test(query.question) ? 0.4 : 1),
};

/** Declarations and files that only pass names on are poorer evidence than the code. */
const reExport: FactorSignal = {
  name: 're-export',
  factor: ({ hit }) => {
    if (/\.d\.[cm]?ts$/.test(hit.path)) return 0.7;
    return /(?:^|\/)(?:index\.[cm]?[jt]sx?|__init__\.py|exports?\.[jt]s|package-info\.java)$/.test(hit.path) ? 0.7 : 1;
  },
};

/** Prose and data mention everything; they come after code unless the question quotes them. */
const proseOrData: FactorSignal = {
  name: 'prose-or-data',
  factor: ({ hit }, { query }) => {
    if (!documentLanguages.has(hit.language) || query.paths.length > 0) return 1;
    return asksForDocuments.test(query.question) ? 1 : 0.5;
  },
};
const documentLanguages = new Set(['markdown', 'text', 'json', 'yaml', 'toml', 'xml', 'html', 'css', 'csv', 'rst']);
const asksForDocuments =
  /\b(?:readme|docs?|documentation|changelog|licen[cs]e|config(?:uration)? files?|workflow|package\.json|stylesheet|css|html|yaml|json files?)\b|文档|说明/i;

/** Signals in the order in which they are explained. */
export const addedSignals: readonly AddedSignal[] = [
  definition,
  pathMatch,
  nameCoverage,
  coherence,
  quotedPhrase,
  spelledPath,
];
export const factorSignals: readonly FactorSignal[] = [testCode, exampleCode, reExport, proseOrData];

function pathShare(path: string, { query, rarity, names }: RankingContext): number {
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

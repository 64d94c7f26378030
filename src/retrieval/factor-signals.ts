import type { Candidate } from './candidate.ts';
import type { RankingContext } from './added-signals.ts';

/** Multiplies a score: 1 is no opinion. */
export interface FactorSignal {
  readonly name: string;
  readonly factor: (candidate: Candidate, context: RankingContext) => number;
}

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

const definingKinds = new Set(['definition', 'part', 'members']);

/** Declarations and files that only pass names on are poorer evidence than the code. */
const reExport: FactorSignal = {
  name: 're-export',
  factor: ({ hit }) => {
    if (/\.d\.[cm]?ts$/.test(hit.path)) return 0.7;
    if (definingKinds.has(hit.kind)) return 1;
    return /(?:^|\/)(?:index\.[cm]?[jt]sx?|__init__\.py|exports?\.[jt]s|package-info\.java)$/.test(hit.path) ? 0.7 : 1;
  },
};

const oldFolder = /(?:^|\/)v\d+(?:\/|$)/;

/** A file in a folder for an old version has a namesake that replaces it. */
const oldVersion: FactorSignal = {
  name: 'old-version',
  factor: ({ hit }, context) => {
    if (!oldFolder.test(hit.path) || /\bv\d+\b/i.test(context.query.question)) return 1;
    return namesakesOf(hit.path, context).some((path) => !oldFolder.test(path)) ? 0.6 : 1;
  },
};

const windowsFolder = /(?:^|\/)(?:win|win32|windows)(?:\/|$)|[._-](?:win|win32|windows)\.[^/]*$/i;
const asksForWindows = /\bwin(?:dows|32)?\b|视窗/i;

/** Of twins for several platforms, the one for Windows is meant by who says so; the others are written alike for many. */
const platformTwin: FactorSignal = {
  name: 'platform-twin',
  factor: ({ hit }, context) => {
    if (!windowsFolder.test(hit.path) || asksForWindows.test(context.query.question)) return 1;
    return namesakesOf(hit.path, context).some((path) => !windowsFolder.test(path)) ? 0.85 : 1;
  },
};

function namesakesOf(path: string, { names, namesakes }: RankingContext): string[] {
  return [...(namesakes.get(names(path).foldedStem) ?? [])].filter((other) => other !== path);
}

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

/** Factors in the order in which they are explained. */
export const factorSignals: readonly FactorSignal[] = [
  testCode,
  exampleCode,
  reExport,
  oldVersion,
  platformTwin,
  proseOrData,
];

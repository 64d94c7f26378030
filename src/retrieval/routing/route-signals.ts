import type { SearchableProject } from '../gather.ts';
import { analyseQuestion, type Query } from '../query-analysis.ts';
import { pathWords } from '../../text/path-words.ts';
import { isCjk, tokensOf } from '../../text/words.ts';
import { type Background, type Fit, margin } from './probe.ts';
import { readWording, type Wording } from './wording.ts';

/** The numbers that the decision to retrieve is made from, in this order. */
export const signalNames = [
  'written-names',
  'phrase-names',
  'word-names',
  'paths',
  'project-name',
  'lexical-margin',
  'cosine-margin',
  'at-project',
  'asks-place',
  'asks-whole',
  'asks-parts',
  'asks-change',
  'asks-general',
  'in-general',
  'asks-meaning',
  'asks-behaviour',
  'asks-about-quote',
  'asks-to-write',
  'foreign-setting',
  'small-talk',
  'refers-back',
  'pastes-code',
  'short',
  'definite',
  'chinese',
  'history',
  'history-referred-to',
] as const;

/** What of a message exists in the project. */
export interface KnownThings {
  /** Names written like code that the symbol table knows, as they are spelled there. */
  readonly names: readonly string[];
  /** Two and more plain words that together are a known name. */
  readonly phrases: number;
  readonly words: number;
  readonly files: readonly string[];
  /** "the scheduler": words with an article before them that the project has in paths or names. */
  readonly definite: number;
  /** 1 where a language, tool or library is named as the setting that the project has not in its paths. */
  readonly foreignSettings: number;
}

const shortWords = 6;
/** Shorter names written like code (HTTP, SQL) are words of the trade. */
const minWrittenName = 5;
/** A name with more definitions than this is a common word. */
const maxDefinitions = 40;

/** Looks up what a message names. */
export function knownThings(query: Query, { catalogue }: SearchableProject): KnownThings {
  const spelled = (name: string): string | null => {
    const found = catalogue.symbolsNamed([name], maxDefinitions + 1);
    return found.length <= maxDefinitions ? (found[0]?.name ?? null) : null;
  };
  const isKnown = (name: string): boolean => spelled(name) !== null;
  const prose = query.question.replace(/```[\s\S]*?(?:```|$)/g, ' ');
  const written = analyseQuestion(prose)
    .names.filter(({ source, name }) => source !== 'words' && name.length >= minWrittenName)
    .map(({ name }) => name);
  const plain = query.names.filter(({ source, name }) => source === 'words' && name.length > 3);
  return {
    names: written.map(spelled).filter((name) => name !== null),
    phrases: plain.filter(({ name, length }) => length > 1 && isKnown(name)).length,
    words: plain.filter(({ name, length }) => length === 1 && isKnown(name)).length,
    files: query.paths.length === 0 ? [] : namedFiles(query, catalogue.paths()),
    definite: definiteWords(prose, isKnown, catalogue),
    foreignSettings: readWording(query.question).settings.some((phrase) => !inPaths(phrase, catalogue)) ? 1 : 0,
  };
}

const article = /\b(?:the|our|this|each|every) ((?:[a-z]+ )?[a-z]{4,})/gi;
const maxDefinite = 3;

function definiteWords(
  prose: string,
  isKnown: (name: string) => boolean,
  catalogue: SearchableProject['catalogue'],
): number {
  const words = new Set([...prose.matchAll(article)].flatMap(([, phrase = '']) => phrase.toLowerCase().split(' ')));
  return Math.min(maxDefinite, [...words].filter((word) => isKnown(word) || inPaths(word, catalogue)).length);
}

/** Whether the last word of a phrase is a word of the project's paths. */
function inPaths(phrase: string, catalogue: SearchableProject['catalogue']): boolean {
  const word = phrase.match(/[a-z]+$/)?.[0] ?? '';
  return word !== '' && catalogue.pathWordCounts([word]).some((found) => found.word === word);
}

function namedFiles(query: Query, paths: readonly { readonly path: string }[]): string[] {
  const asked = query.paths.map((path) => path.replace(/^[./]+/, ''));
  return paths
    .map(({ path }) => path)
    .filter((path) => asked.some((part) => `/${path.toLowerCase()}`.endsWith(`/${part}`)));
}

/** What the signals of a message are made from. */
export interface SignalSources {
  readonly query: Query;
  readonly known: KnownThings;
  readonly fit: Fit;
  readonly background: Background;
  readonly projectName: string;
  /** How likely the conversation so far is about the project, 0 to 1; 0.5 without one. */
  readonly history: number;
}

/** The signals of a message, in the order of `signalNames`. Pure. */
export function routeSignals(sources: SignalSources): number[] {
  const { query, known, fit, background, projectName, history } = sources;
  const wording = readWording(query.question);
  return [
    Math.min(2, known.names.length),
    Math.min(2, known.phrases),
    Math.min(3, known.words),
    Math.min(2, known.files.length),
    namesProject(query.question, projectName),
    margin(fit.lexical, background.lexical),
    margin(fit.cosine, background.cosine),
    ...wordingNumbers(wording, known.foreignSettings),
    lengthOf(query.question) <= shortWords ? 1 : 0,
    known.definite,
    /[\u4e00-\u9fff]/.test(query.question) ? 1 : 0,
    history - 0.5,
    wording.refersBack * (history - 0.5),
  ];
}

function wordingNumbers(wording: Wording, foreignSettings: number): number[] {
  const { atProject, asksPlace, asksWhole, asksParts, asksChange, asksGeneral } = wording;
  const { inGeneral, asksMeaning, asksBehaviour, asksAboutQuote, asksToWrite, smallTalk, refersBack, pastesCode } =
    wording;
  const towards = [atProject, asksPlace, asksWhole, asksParts, asksChange];
  const away = [asksGeneral, inGeneral, asksMeaning];
  const rest = [asksBehaviour, asksAboutQuote, asksToWrite, foreignSettings, smallTalk, refersBack, pastesCode];
  return [...towards, ...away, ...rest];
}

function namesProject(question: string, projectName: string): number {
  const words = new Set(analyseQuestion(question).words);
  const own = [...pathWords(`${projectName}/`)];
  return own.length > 0 && own.every((word) => words.has(word)) ? 1 : 0;
}

/** Words, two Chinese characters counting as one. */
function lengthOf(question: string): number {
  return tokensOf(question).reduce((sum, token) => sum + (isCjk(token) ? Math.ceil(token.length / 2) : 1), 0);
}

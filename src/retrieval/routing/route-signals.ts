import type { Query } from '../query-analysis.ts';
import { isCjk, tokensOf } from '../../text/words.ts';
import type { KnownWords, MessageWord } from './message-words.ts';
import { readWording, type Wording } from './wording.ts';

/** The numbers that the decision to retrieve is made from, in this order. */
export const signalNames = [
  'wording',
  'known-names',
  'known-types',
  'own-technologies',
  'paths',
  'file-names',
  'known-code',
  'foreign-code',
  'lexical-margin',
  'at-project',
  'asks-whole',
  'asks-change',
  'asks-general',
  'asks-meaning',
  'asks-behaviour',
  'asks-about-quote',
  'foreign-setting',
  'small-talk',
  'short',
  'chinese',
  'refers-back',
  'history',
  'history-referred-to',
] as const;

/** What the signals of a message are made from. */
export interface SignalSources {
  readonly query: Query;
  /** The message without the code it brings along. */
  readonly prose: string;
  readonly words: readonly MessageWord[];
  readonly known: KnownWords;
  /** Files of the project that it names with their folder, and without. */
  readonly paths: readonly string[];
  readonly fileNames: readonly string[];
  /** What its wording says, as log-odds that it is about a project. */
  readonly wording: number;
  /** How much better the index fits it than it fits general messages; 0 where it was not asked. */
  readonly margin: number;
  /** How likely the conversation so far is about the project, 0 to 1; 0.5 without one. */
  readonly history: number;
}

const shortWords = 6;
/** What a message of a few words can say for sure. */
const mostWording = 8;

/** The signals of a message, in the order of `signalNames`. Pure but for what `known` looks up. */
export function routeSignals(sources: SignalSources): number[] {
  const { query, prose, words, known, history } = sources;
  const wording = readWording(prose);
  const code = pastedNames(query.question, known);
  return [
    Math.min(mostWording, Math.max(-mostWording, sources.wording)),
    count(words, '<known>'),
    count(words, '<known-type>'),
    count(words, '<own-technology>'),
    Math.min(2, sources.paths.length),
    Math.min(2, sources.fileNames.length),
    code.known,
    code.foreign,
    sources.margin,
    ...wordingNumbers(wording, known),
    lengthOf(prose) <= shortWords ? 1 : 0,
    /[\u4e00-\u9fff]/.test(prose) ? 1 : 0,
    wording.refersBack,
    history - 0.5,
    wording.refersBack * (history - 0.5),
  ];
}

function count(words: readonly MessageWord[], stands: string): number {
  return Math.min(2, words.filter((word) => word.stands === stands).length);
}

function wordingNumbers(wording: Wording, known: KnownWords): number[] {
  const { atProject, asksWhole, asksChange, asksGeneral, asksMeaning, asksBehaviour, asksAboutQuote } = wording;
  const asks = [asksWhole, asksChange, asksGeneral, asksMeaning, asksBehaviour, asksAboutQuote];
  const isForeign = wording.settings.some((phrase) => !known.inPaths(phrase.match(/[a-z]+$/)?.[0] ?? ''));
  return [atProject, ...asks, isForeign ? 1 : 0, wording.smallTalk];
}

const codeBlock = /```[^\n`]*\n([\s\S]*?)(?:```|$)/g;
const codeName = /\b(?:[a-z]\w{0,79}[A-Z]\w{0,79}|[A-Z]\w{0,79}[a-z]\w{0,79}|[a-z]\w{0,79}_\w{1,79})\b/g;
/** Pasted code is looked at up to here. */
const maxCode = 4000;
const maxCodeNames = 30;
/** `Array`, `Promise` and the like are defined in many projects' types too. */
const maxDefinitions = 8;

/** Names written like code inside pasted code, that the project defines or not; each 0 to 1, as two of them tell enough. */
function pastedNames(question: string, known: KnownWords): { readonly known: number; readonly foreign: number } {
  const code = [...question.slice(0, 2 * maxCode).matchAll(codeBlock)].map(([, text]) => text).join('\n');
  const names = [...new Set(code.slice(0, maxCode).match(codeName))].slice(0, maxCodeNames);
  const defined = names.filter((name) => known.defines(name, maxDefinitions)).length;
  return { known: Math.min(1, defined / 2), foreign: code === '' ? 0 : 1 - Math.min(1, defined / 2) };
}

/** Words, two Chinese characters counting as one. */
function lengthOf(question: string): number {
  return tokensOf(question).reduce((sum, token) => sum + (isCjk(token) ? Math.ceil(token.length / 2) : 1), 0);
}

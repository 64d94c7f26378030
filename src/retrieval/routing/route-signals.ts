import type { Query } from '../query-analysis.ts';
import { isStopWord } from '../../text/stop-words.ts';
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
  'named-together',
  'own-words',
  'other-words',
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
  'goes-on',
  'names-nothing',
  'history',
  'history-refers-back',
  'history-goes-on',
  'history-short',
  'history-names-nothing',
] as const;

/** What the signals of a message are made from. */
export interface SignalSources {
  readonly query: Query;
  /** The message without the code it brings along. */
  readonly prose: string;
  readonly code: string;
  readonly words: readonly MessageWord[];
  readonly known: KnownWords;
  /** Files of the project that it names with their folder, and without. */
  readonly paths: readonly string[];
  readonly fileNames: readonly string[];
  /** What its wording says, as log-odds that it is about a project. */
  readonly wording: number;
  /** Whether the conversation so far is about the project, -1 to 1 with how sure that is; 0 without one. */
  readonly history: number;
}

const shortWords = 6;
/** What a message of a few words can say for sure. */
const mostWording = 8;

/** The signals of a message, in the order of `signalNames`. Pure but for what `known` looks up. */
export function routeSignals(sources: SignalSources): number[] {
  const { prose, words, known, history } = sources;
  const wording = readWording(prose);
  const code = pastedNames(sources.code, known);
  const isShort = lengthOf(prose) <= shortWords ? 1 : 0;
  const isUnnamed = words.some(({ stands }) => ownNames.has(stands)) || sources.paths.length > 0 ? 0 : 1;
  return [
    Math.min(mostWording, Math.max(-mostWording, sources.wording)),
    count(words, '<known>'),
    count(words, '<known-type>'),
    count(words, '<own-technology>'),
    Math.min(2, sources.paths.length),
    Math.min(2, sources.fileNames.length),
    code.known,
    code.foreign,
    namedTogether(words, known),
    plainWords(words, '<own-word>'),
    plainWords(words, '<word>'),
    ...wordingNumbers(wording, known),
    isShort,
    /[\u4e00-\u9fff]/.test(prose) ? 1 : 0,
    wording.refersBack,
    wording.goesOn,
    isUnnamed,
    ...[1, wording.refersBack, wording.goesOn, isShort, isUnnamed].map((leans) => leans * history),
  ];
}

function count(words: readonly MessageWord[], stands: string): number {
  return Math.min(2, words.filter((word) => word.stands === stands).length);
}

/** What names a part of the project. */
const ownNames = new Set(['<known>', '<known-type>']);
const minTogether = 7;

/** Neighbouring words that name one definition together, at most two pairs. */
function namedTogether(words: readonly MessageWord[], known: KnownWords): number {
  const pairs = words.slice(1).filter((word, at) => {
    const pair = [words[at]?.text ?? '', word.text];
    const isPlain = pair.every((text) => /^[a-z]{3,}$/.test(text) && !isStopWord(text));
    return isPlain && pair.join('').length >= minTogether && known.namesTogether(pair);
  });
  return Math.min(2, pairs.length);
}

const manyWords = 8;

/** How many words that are no stop words are of a class, 0 to 1. */
function plainWords(words: readonly MessageWord[], stands: string): number {
  const some = new Set(
    words.filter((word) => word.stands === stands && !isStopWord(word.text)).map(({ text }) => text),
  );
  return Math.min(1, some.size / manyWords);
}

function wordingNumbers(wording: Wording, known: KnownWords): number[] {
  const { atProject, asksWhole, asksChange, asksGeneral, asksMeaning, asksBehaviour, asksAboutQuote } = wording;
  const asks = [asksWhole, asksChange, asksGeneral, asksMeaning, asksBehaviour, asksAboutQuote];
  const isForeign = wording.settings.some((phrase) => !known.inPaths(phrase.match(/[a-z]+$/)?.[0] ?? ''));
  return [atProject, ...asks, isForeign ? 1 : 0, wording.smallTalk];
}

const codeName = /\b(?:[a-z]\w{0,79}[A-Z]\w{0,79}|[A-Z]\w{0,79}[a-z]\w{0,79}|[a-z]\w{0,79}_\w{1,79})\b/g;
const maxCodeNames = 30;
/** `Array`, `Promise` and the like are defined in many projects' types too. */
const maxDefinitions = 8;

/** Names written like code inside pasted code, that the project defines or not; each 0 to 1, as two of them tell enough. */
function pastedNames(code: string, known: KnownWords): { readonly known: number; readonly foreign: number } {
  const names = [...new Set(code.match(codeName))].slice(0, maxCodeNames);
  const defined = names.filter((name) => known.defines(name, maxDefinitions)).length;
  return { known: Math.min(1, defined / 2), foreign: code === '' ? 0 : 1 - Math.min(1, defined / 2) };
}

/** Words, two Chinese characters counting as one. */
function lengthOf(question: string): number {
  return tokensOf(question).reduce((sum, token) => sum + (isCjk(token) ? Math.ceil(token.length / 2) : 1), 0);
}

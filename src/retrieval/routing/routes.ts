import type { Route } from '../../core/gateway/route.ts';
import type { Query } from '../query-analysis.ts';
import type { MessageWord } from './message-words.ts';
import { readWording } from './wording.ts';

/** What a route is chosen by, once it is clear that the project is needed. */
export interface RoutedMessage {
  readonly query: Query;
  /** Without the code that it brings along. */
  readonly prose: string;
  readonly words: readonly MessageWord[];
  /** Files of the project that the message asks for. */
  readonly files: readonly string[];
}

/** The route of a message that does not need the project. */
export function noRoute(reason: string, confidence: number): Route {
  return { kind: 'none', reason, confidence, files: [] };
}

/** The way to look for what a message asks: its files, its one symbol, or all that fits. Pure. */
export function retrieving({ query, prose, words, files }: RoutedMessage, confidence: number): Route {
  if (files.length > 0) {
    return { kind: 'files', reason: `It names ${files.slice(0, 3).join(', ')}.`, confidence, files };
  }
  const names = namesIn(words);
  const [name] = names;
  if (name === undefined) return { kind: 'hybrid', reason: 'It fits the code of this project.', confidence, files: [] };
  if (query.kind === 'symbol' || (names.length === 1 && readWording(prose).asksChange === 0)) {
    return { kind: 'symbol', reason: `It asks about ${name}, which the project defines.`, confidence, files: [] };
  }
  return { kind: 'hybrid', reason: `It names ${name}, which the project defines.`, confidence, files: [] };
}

const joins = new Set(['in', 'of', '的', '里', '里的', '中的', '里面的']);

/** The names of the project that a message asks for; the second of "close of Session" or "Session 的 close" only says where. */
function namesIn(words: readonly MessageWord[]): string[] {
  const names = words.filter(({ stands }, at) => {
    const isPlace = joins.has(words[at - 1]?.text ?? '') && words[at - 2]?.stands === '<known>';
    return stands === '<known>' && !isPlace;
  });
  return [...new Set(names.map(({ token }) => token.replaceAll('`', '')))];
}

/** Why a message needs no project, for people. */
export function whyNot(prose: string): string {
  const { smallTalk, pastesCode, asksToWrite } = readWording(prose);
  if (smallTalk > 0) return 'It is small talk or about language.';
  if (pastesCode > 0) return 'It brings its own code along.';
  if (asksToWrite > 0) return 'It asks to write something new.';
  return 'It is about programming in general.';
}

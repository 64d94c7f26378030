import type { QueryTerm } from '../core/vector-store.ts';
import { foldName } from '../text/fold-name.ts';
import { isStopWord } from '../text/stop-words.ts';
import { tokenTerms } from '../text/terms.ts';
import { isCjk, splitIdentifier, tokensOf } from '../text/words.ts';

/** A name the question may be asking for. */
export interface AskedName {
  /** Folded as in src/text/fold-name.ts. */
  readonly name: string;
  /** `whole`: the question is this name; `identifier`: written like code inside a sentence; `words`: adjacent plain words. */
  readonly source: 'whole' | 'identifier' | 'words';
  /** How many words of the question it takes up. */
  readonly length: number;
}

/** A question, taken apart. */
export interface Query {
  readonly question: string;
  readonly kind: 'symbol' | 'path' | 'plain';
  /** Lower-case content words, identifiers split, without repeats, in order. */
  readonly words: readonly string[];
  /** Weighted full-text terms. */
  readonly terms: readonly QueryTerm[];
  readonly names: readonly AskedName[];
  /** Texts in quotation marks: a hit that holds one exactly is preferred. */
  readonly phrases: readonly string[];
  /** A path or file name that the question spells out, lower case. */
  readonly paths: readonly string[];
}

const quotedPattern = /"([^"]{2,200})"|`([^`]{2,200})`|“([^”]{2,200})”|「([^」]{2,200})」/g;
const qualifiedPattern =
  /(?<![\p{L}\p{N}_$])[\p{L}_$][\p{L}\p{N}_$]*(?:(?:::|\.|#|->|\/|\\)[\p{L}_$][\p{L}\p{N}_$]*)+/gu;
/** Begins where a run begins and is bounded, so that no text takes long. */
const pathPattern = /(?<![\w@.+-])(?:[\w@.+-]{1,200}\/)+[\w@.+-]{1,200}|\b[\w@+-]{1,100}\.[a-zA-Z][\w+]{0,9}\b/g;
const maxNameWords = 4;
/** A question is read up to here; what is pasted behind it would only blur the search. */
export const maxQuestionLength = 4000;

/** Takes a question apart into search terms, asked names, phrases and paths. Pure. */
export function analyseQuestion(asked: string): Query {
  const question = asked.slice(0, maxQuestionLength);
  const tokens = tokensOf(question);
  const content = tokens.filter((token) => isCjk(token) || !isStopWord(token.toLowerCase()));
  const kept = content.length > 0 ? content : tokens;
  const kind = kindOf(question, tokens);
  return {
    question,
    kind,
    words: [...new Set(kept.flatMap((token) => (isCjk(token) ? tokenTerms(token) : splitIdentifier(token))))],
    terms: termsOf(kept),
    names: askedNames(question, kept, kind),
    phrases: [...question.matchAll(quotedPattern)].map((match) => match.slice(1).find((group) => group) ?? ''),
    paths: [...question.matchAll(pathPattern)].map(([path]) => path.toLowerCase()),
  };
}

function kindOf(question: string, tokens: readonly string[]): Query['kind'] {
  const trimmed = question.trim();
  if (/\s/.test(trimmed)) return 'plain';
  if (/^[^\s]+\/[^\s]+\.\w+$|^[\w-]+\.(?:[a-z]{1,4}|java|scala|swift|[jt]sx)$/.test(trimmed)) return 'path';
  return tokens.length > 0 && !tokens.some(isCjk) ? 'symbol' : 'plain';
}

/** Words and their stems weigh the same: rare ones decide by themselves, as BM25 sees it. */
function termsOf(tokens: readonly string[]): QueryTerm[] {
  const terms = new Set(tokens.flatMap(tokenTerms).filter((term) => !isStopWord(term)));
  return Array.from(terms, (term) => ({ term, weight: 1 }));
}

function askedNames(question: string, content: readonly string[], kind: Query['kind']): AskedName[] {
  const names = new Map<string, AskedName>();
  const add = (name: string, source: AskedName['source'], length: number): void => {
    if (name.length > 1 && !names.has(name)) names.set(name, { name, source, length });
  };
  if (kind === 'symbol') for (const name of lastParts(question)) add(name, 'whole', 1);
  for (const token of content) if (isIdentifier(token)) add(foldName(token), 'identifier', 1);
  for (const [qualified] of question.matchAll(qualifiedPattern)) {
    for (const name of lastParts(qualified)) add(name, 'identifier', 1);
  }
  const plain = content.filter((token) => !isCjk(token));
  for (let length = Math.min(maxNameWords, plain.length); length > 0; length--) {
    for (let start = 0; start + length <= plain.length; start++) {
      add(foldName(plain.slice(start, start + length).join('')), 'words', length);
    }
  }
  return [...names.values()];
}

/** `Rack::Response` asks for `Response` first, then for the whole. */
function lastParts(qualified: string): string[] {
  const parts = qualified.match(/[\p{L}\p{N}_$]+/gu) ?? [];
  return [foldName(parts.at(-1) ?? ''), foldName(qualified)];
}

function isIdentifier(token: string): boolean {
  return (
    !isCjk(token) &&
    (/[a-z0-9][A-Z]|_\w|^[A-Z]{2,}[a-z]/.test(token) || (/^[A-Z]/.test(token) && splitIdentifier(token).length > 1))
  );
}

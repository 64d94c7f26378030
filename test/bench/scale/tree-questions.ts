import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isStopWord } from '../../../src/text/stop-words.ts';
import { tokensOf } from '../../../src/text/words.ts';
import { randomFrom } from './random-from.ts';

/** A question about a tree, and one word of it for tools that look for words. */
export interface TreeQuestion {
  readonly question: string;
  readonly word: string;
}

/** Lines of comments as most languages write them. */
const commentPattern = /^\s*(?:\/\/+|#+|\*+|--|;+)\s+([A-Za-z][^\n]{25,110})$/gm;
const definitionPattern =
  /\b(?:func|function|def|class|struct|interface|type|fn|sub)\s+(?:\([^)]{0,80}\)\s*)?([A-Za-z_]\w{5,})/g;
const minWordLength = 6;
const maxTries = 100;

/**
 * Questions made from the files of a tree: names of definitions, lines of comments, and comments put as a question. The same seed
 * and tree give the same questions.
 */
export function treeQuestions(
  root: string,
  paths: readonly string[],
  { count, seed }: { readonly count: number; readonly seed: number },
): TreeQuestion[] {
  const random = randomFrom(seed);
  const pick = <T>(values: readonly T[]): T | undefined => values[Math.floor(random() * values.length)];
  const sorted = paths.toSorted();
  const questions: TreeQuestion[] = [];
  for (let tries = 0; questions.length < count && tries < count * maxTries; tries++) {
    const text = readFileSync(join(root, pick(sorted) ?? ''), 'utf8');
    const kind = pick(['name', 'comment', 'question'] as const);
    const pattern = kind === 'name' ? definitionPattern : commentPattern;
    const found = pick([...text.matchAll(pattern)])?.[1];
    const word = longestWord(found ?? '');
    if (found === undefined || word === undefined) continue;
    questions.push({ question: kind === 'question' ? `where does it say how ${found}` : found, word });
  }
  return questions;
}

function longestWord(text: string): string | undefined {
  const words = tokensOf(text).filter((word) => word.length >= minWordLength && !isStopWord(word.toLowerCase()));
  return words.toSorted((left, right) => right.length - left.length)[0];
}

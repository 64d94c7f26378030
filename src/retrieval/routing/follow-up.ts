import { analyseQuestion, type Query } from '../query-analysis.ts';
import { proseOf } from './pasted-code.ts';
import { readWording } from './wording.ts';

/** A message of more content words says itself what it is about, unless it refers back. */
const fewWords = 5;
/** Even one that refers back, when it is longer than this. */
const manyWords = 12;
/** Names that travel from earlier messages into a search. */
const maxNames = 6;
/** Earlier messages are read until they have so many content words together. */
const topicWords = 2;

/** What stands in backticks, or a word and what is joined to it. Each character is looked at once: messages can be long. */
const wordPattern = /`([^`\n]{2,80})`|([\w$]+)((?:\.|::|->)[\w$.:]{1,80})?/g;

/**
 * What to search for: a short message that names nothing ("and where is it called?") is searched for together with the names of the
 * messages before it, the latest first, or with their words where nobody named anything. Pure.
 */
export function searchQuestion(question: string, history: readonly string[]): string {
  if (history.length === 0 || standsAlone(question)) return question;
  const earlier = history.toReversed().map(proseOf);
  const names = new Set(earlier.flatMap(namesIn));
  if (names.size > 0) return `${question} ${[...names].slice(0, maxNames).join(' ')}`;
  const topic: string[] = [];
  for (const message of earlier) {
    topic.push(message);
    if (contentWords(analyseQuestion(topic.join(' '))) >= topicWords) break;
  }
  return `${question} ${topic.join(' ')}`;
}

function standsAlone(question: string): boolean {
  const query = analyseQuestion(question);
  if (query.paths.length > 0 || query.names.some(({ source }) => source === 'identifier')) return true;
  const prose = proseOf(question);
  const words = contentWords(query);
  return words > manyWords || namesIn(prose).length > 0 || (words > fewWords && readWording(prose).refersBack === 0);
}

function namesIn(message: string): string[] {
  const names: string[] = [];
  for (const [whole, quoted, word = '', joined] of message.matchAll(wordPattern)) {
    if (quoted !== undefined || joined !== undefined || isName(word)) names.push(quoted ?? whole);
  }
  return names;
}

/** True for words as code has them: with a capital behind a small letter, or an underscore inside. */
function isName(word: string): boolean {
  const small = word.search(/[a-z]/);
  const hasCapitalBehind = small >= 0 && /^[A-Za-z]/.test(word) && /[A-Z]/.test(word.slice(small + 1));
  return hasCapitalBehind || /\w_\w/.test(word);
}

/** Two Chinese bigrams count as a word. */
function contentWords({ words }: Query): number {
  return words.reduce((sum, word) => sum + (/^[\u4e00-\u9fff]/.test(word) ? 0.5 : 1), 0);
}

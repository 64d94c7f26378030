import { analyseQuestion } from '../query-analysis.ts';

/** A message of more words says itself what it is about. */
const shortWords = 14;
/** Names that travel from earlier messages into a search. */
const maxNames = 6;

/** What stands in backticks, or a word and what is joined to it. Each character is looked at once: messages can be long. */
const wordPattern = /`([^`\n]{2,80})`|([\w$]+)((?:\.|::|->)[\w$.:]{1,80})?/g;

/**
 * What to search for: a short message that names nothing ("and where is it called?") is searched for together with the names of the
 * message before it, the latest first. Pure.
 */
export function searchQuestion(question: string, history: readonly string[]): string {
  const query = analyseQuestion(question);
  const namesSomething = query.paths.length > 0 || query.names.some(({ source }) => source !== 'words');
  if (namesSomething || query.words.length > shortWords || history.length === 0) return question;
  const names = new Set<string>();
  for (const message of history.toReversed()) {
    for (const [whole, quoted, word = '', joined] of message.matchAll(wordPattern)) {
      if (names.size >= maxNames) break;
      if (quoted !== undefined || joined !== undefined || isName(word)) names.add(quoted ?? whole);
    }
  }
  if (names.size > 0) return `${question} ${[...names].join(' ')}`;
  // Nobody named anything: the topic is in the last message's words.
  return `${question} ${history.at(-1) ?? ''}`;
}

/** True for words as code has them: with a capital behind a small letter, or an underscore inside. */
function isName(word: string): boolean {
  const small = word.search(/[a-z]/);
  const hasCapitalBehind = small >= 0 && /^[A-Za-z]/.test(word) && /[A-Z]/.test(word.slice(small + 1));
  return hasCapitalBehind || /\w_\w/.test(word);
}

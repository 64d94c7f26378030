import { analyseQuestion } from '../query-analysis.ts';

/** A message of more words says itself what it is about. */
const shortWords = 14;
/** Names that travel from earlier messages into a search. */
const maxNames = 6;

const namePattern =
  /`([^`\n]{2,80})`|\b(?:[a-z][\w$]*[A-Z][\w$]*|[A-Z][\w$]*[a-z][\w$]*[A-Z][\w$]*|\w+_\w+|[\w$]+(?:\.|::|->)[\w$.:]+)\b/g;

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
    for (const [whole, quoted] of message.matchAll(namePattern)) {
      if (names.size < maxNames) names.add(quoted ?? whole);
    }
  }
  if (names.size > 0) return `${question} ${[...names].join(' ')}`;
  // Nobody named anything: the topic is in the last message's words.
  return `${question} ${history.at(-1) ?? ''}`;
}

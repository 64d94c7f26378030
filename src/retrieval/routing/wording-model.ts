import { messageGrams, type MessageWord } from './message-words.ts';
import model from './wording-model.json' with { type: 'json' };

const weights: ReadonlyMap<string, number> = new Map(model.grams.map((gram, at) => [gram, model.weights[at] ?? 0]));
const everyday: ReadonlySet<string> = new Set(model.everyday);

/** The short runs of words that the model weighs. */
export function wordingGrams(words: readonly MessageWord[]): Set<string> {
  return messageGrams(words, everyday);
}

/** Log-odds that a message which is worded so is about a project at hand, not about programming in general. Pure. */
export function wordingScore(words: readonly MessageWord[]): number {
  let sum = model.bias;
  for (const gram of wordingGrams(words)) sum += weights.get(gram) ?? 0;
  return sum;
}

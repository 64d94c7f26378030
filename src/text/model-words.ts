import { isCjk, splitIdentifier, tokensOf } from './words.ts';

/** Longer numbers are constants and say nothing. */
const longNumber = /^\d{5,}$/;
/** Longer ones are encoded data. */
const maxTokenLength = 80;

/** Version of the word rules; a model is made with one and only read with the same. */
export const modelWordsVersion = 1;

/**
 * The words that the built-in embedding model reads of a text, in order, with repeats: identifiers split, lower case;
 * Chinese, Japanese and Korean as single characters and as pairs of neighbours.
 */
export function modelWords(text: string): string[] {
  const words: string[] = [];
  for (const token of tokensOf(text)) for (const word of wordsOfToken(token)) words.push(word);
  return words;
}

/** The words of one token of `tokensOf`. */
export function wordsOfToken(token: string): readonly string[] {
  if (isCjk(token)) return cjkWords(token);
  return token.length > maxTokenLength ? [] : splitIdentifier(token).filter((word) => !longNumber.test(word));
}

function cjkWords(run: string): readonly string[] {
  const characters = Array.from(run);
  const pairs = characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
  return [...characters, ...pairs];
}

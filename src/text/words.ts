import { stemmer } from 'stemmer';

/** Runs of identifier characters; any character outside ASCII counts, the slow path sorts those out. */
const tokenPattern = /[A-Za-z0-9_\u0080-\uffff]+/g;
const nonAsciiPattern = /[\u0080-\uffff]/;
const cjkPattern = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々]+/gu;
const wordPattern = /[\p{L}\p{M}\p{N}_]+/gu;
const casePattern = /[A-Z]+(?![a-z\u0080-\uffff])|[A-Z]?[a-z\u0080-\uffff]+|\d+/g;
const maxWordLength = 64;

/** Identifier-like tokens of a text, as written, and runs of Chinese, Japanese or Korean characters apart. */
export function tokensOf(text: string): string[] {
  const runs: string[] = text.match(tokenPattern) ?? [];
  return nonAsciiPattern.test(text) ? runs.flatMap((run) => (isAscii(run) ? run : unicodeTokens(run))) : runs;
}

function unicodeTokens(run: string): string[] {
  const tokens: string[] = run.match(cjkPattern) ?? [];
  return [...tokens, ...(run.replace(cjkPattern, ' ').match(wordPattern) ?? [])];
}

/** True where no character is outside ASCII. */
export function isAscii(token: string): boolean {
  return !nonAsciiPattern.test(token);
}

/** True for a run of Chinese, Japanese or Korean characters, which has no spaces between words. */
export function isCjk(token: string): boolean {
  cjkPattern.lastIndex = 0;
  return cjkPattern.exec(token)?.[0] === token;
}

/** Character bigrams of a run without word borders; a single character stands for itself. */
export function bigrams(run: string): string[] {
  const characters = Array.from(run);
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}

/**
 * Lower-case words of an identifier: `parseHTTPRequest_v2` gives parse, http, request, v2. A number stays with the
 * letters before it, and letters before a number also count alone (`oauth2` gives oauth2, oauth).
 */
export function splitIdentifier(identifier: string): string[] {
  const words: string[] = [];
  for (const piece of identifier.split('_')) {
    const parts = piece.match(casePattern) ?? [];
    for (const [index, part] of parts.entries()) {
      const previous = words.at(-1);
      if (/^\d/.test(part) && index > 0 && previous !== undefined) words.push(`${previous}${part}`);
      else words.push(part.toLowerCase());
    }
  }
  return words.filter((word) => word.length <= maxWordLength);
}

/** Porter stem of a lower-case word (Porter, 1980), or the word itself where stemming makes no sense. */
export function stem(word: string): string {
  return word.length > 3 && /^[a-z]+$/.test(word) ? stemmer(word) : word;
}

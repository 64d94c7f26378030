import { centralAlphabets, commonCyrillic, westernAlphabets } from './common-characters.ts';

const undefinedCode = -8;
/** A sign where a letter must be, or a capital inside a word: what the wrong alphabet looks like. */
const misplaced = -2;
const inAlphabet = 2;
const outsideAlphabet = -0.5;

/** Scores text read as a western European language. */
export function scoreWestern(text: string): number {
  return scoreLatin(text, westernAlphabets);
}

/** Scores text read as a central European language. */
export function scoreCentral(text: string): number {
  return scoreLatin(text, centralAlphabets);
}

/** Scores text read as a language in Cyrillic letters. */
export function scoreCyrillic(text: string): number {
  return sumOver(text, (char, before, after) => {
    if (!/\p{Script=Cyrillic}/u.test(char)) return scoreSign(char, before, after);
    if (isAsciiLetter(before) || isAsciiLetter(after)) return misplaced;
    if (!isCyrillic(before) && !isCyrillic(after)) return -1;
    if (isUpper(char)) return isUpper(before) || !isLetter(before) ? 0.5 : misplaced;
    if (isUpper(before) && isUpper(after)) return -1;
    return commonCyrillic.has(char) ? 1.2 : 0.8;
  });
}

/** A text is in one language: letters count by the alphabet that explains them best. */
function scoreLatin(text: string, alphabets: readonly string[]): number {
  const letters: string[] = [];
  const sum = sumOver(text, (char, before, after) => {
    if (!isLetter(char)) return scoreSign(char, before, after);
    // Two such letters in a row are rare, three are another alphabet.
    if (isHigh(before) && isLetter(before)) return isHigh(after) && isLetter(after) ? misplaced : -0.5;
    if (isUpper(char) && isLetter(before) && !isUpper(before)) return misplaced;
    if (isAsciiLetter(before) || isAsciiLetter(after)) letters.push(char.toLowerCase());
    return 0;
  });
  const explained = alphabets.map((alphabet) => letters.filter((char) => alphabet.includes(char)).length);
  const most = Math.max(...explained);
  return sum + most * inAlphabet + (letters.length - most) * outsideAlphabet;
}

/** Quotes, dashes, © and the like stand between words, not inside them. */
function scoreSign(char: string, before: string, after: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code === 0xfffd || (code >= 0x80 && code <= 0x9f)) return undefinedCode;
  if (isLetter(before) && isLetter(after) && char !== '’' && char !== '·' && char !== '\u00ad') return misplaced;
  return usualSigns.has(char) ? 0.5 : -1;
}

const usualSigns = new Set('\u00a0©®°±²³µ·§¶«»¡¿€£¥™•–—‘’“”„…×÷½¼¾ª№');

function sumOver(text: string, score: (char: string, before: string, after: string) => number): number {
  let sum = 0;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) sum += score(text.charAt(index), text.charAt(index - 1), text.charAt(index + 1));
  }
  return sum;
}

const letter = /\p{L}/u;

function isLetter(char: string): boolean {
  return letter.test(char);
}

function isAsciiLetter(char: string): boolean {
  return /[A-Za-z]/.test(char);
}

function isCyrillic(char: string): boolean {
  return char >= 'Ѐ' && char <= 'ӿ';
}

function isHigh(char: string): boolean {
  return char > '\x7f';
}

function isUpper(char: string): boolean {
  return char !== char.toLowerCase();
}

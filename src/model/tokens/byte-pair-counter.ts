import { countCache } from './count-cache.ts';
import { mergeTable } from './merge-table.ts';
import { symbolJoiner } from './symbol-joiner.ts';
import { tokenTable } from './token-table.ts';
import type { WordSplitter } from './word-splitter.ts';

/** A vocabulary of byte-level byte-pair encoding, as GPT-2, Qwen, DeepSeek-Coder, Llama 3 and StarCoder have it. */
export interface BytePairVocabulary {
  readonly tokens: readonly string[];
  readonly merges: readonly string[];
  readonly splitter: WordSplitter;
}

/** Counts the tokens of a text that holds no special token. */
export function bytePairCounter(vocabulary: BytePairVocabulary): (text: string) => number {
  const { splitter } = vocabulary;
  const tokens = tokenTable(vocabulary.tokens);
  const merges = mergeTable(vocabulary.merges, tokens);
  const byteTokens = Int32Array.from(byteLetters, (letter) => tokens.find(letter, { start: 0, end: 1, without: -1 }));
  // The closure below keeps the table of texts in memory: made only where whole words are looked up.
  const isToken = splitter.wholeWords ? wholeWord : () => false;
  const join = symbolJoiner();
  let bytes = new Uint8Array(256);
  let symbols = new Int32Array(256);

  const chain = {
    rank: (left: number, right: number) => merges.rank(symbols[left]!, symbols[right]!),
    join: (left: number, right: number) => {
      symbols[left] = merges.result(merges.rank(symbols[left]!, symbols[right]!));
    },
  };

  function wholeWord(length: number): boolean {
    if (length > tokens.longest) return false;
    let letters = '';
    for (let i = 0; i < length; i++) letters += byteLetters[bytes[i]!]!;
    return tokens.find(letters, { start: 0, end: length, without: -1 }) >= 0;
  }

  function countPiece(piece: string): number {
    if (piece.length * 3 > bytes.length) {
      bytes = new Uint8Array(piece.length * 6);
      symbols = new Int32Array(piece.length * 6);
    }
    const { written } = encoder.encodeInto(piece, bytes);
    if (isToken(written)) return 1;
    for (let i = 0; i < written; i++) symbols[i] = byteTokens[bytes[i]!]!;
    let total = 0;
    join(written, chain, (at) => {
      // A byte that the vocabulary lacks is left out of the prompt by llama.cpp.
      if (symbols[at]! >= 0) total++;
    });
    return total;
  }

  const countWord = countCache((word) => countParts(word, splitter.stages, countPiece));
  return (text) => {
    let total = 0;
    for (const word of text.match(splitter.words) ?? []) total += countWord(word);
    return total;
  };
}

const encoder = new TextEncoder();

/** GPT-2's letters for bytes: printable ones stand for themselves, the others for letters from U+0100 on. */
const byteLetters: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const isPrintable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  if (isPrintable) return String.fromCharCode(byte);
  const before = byte <= 0x20 ? byte : byte === 0xad ? 0x43 : byte - 0x7f + 0x21;
  return String.fromCharCode(0x100 + before);
});

function countParts(word: string, stages: readonly RegExp[], countPiece: (piece: string) => number): number {
  const [stage, ...later] = stages;
  if (stage === undefined) return countPiece(word);
  let total = 0;
  let end = 0;
  for (const match of word.matchAll(stage)) {
    if (match.index > end) total += countParts(word.slice(end, match.index), later, countPiece);
    total += countParts(match[0], later, countPiece);
    end = match.index + match[0].length;
  }
  return end < word.length ? total + countParts(word.slice(end), later, countPiece) : total;
}

import { countCache } from './count-cache.ts';
import { mergeTable } from './merge-table.ts';
import { symbolJoiner } from './symbol-joiner.ts';
import type { WordSplitter } from './word-splitter.ts';

/** A vocabulary of byte-level byte-pair encoding, as GPT-2, Qwen, DeepSeek-Coder, Llama 3 and StarCoder have it. */
export interface BytePairVocabulary {
  readonly tokens: readonly string[];
  readonly merges: readonly string[];
  readonly splitter: WordSplitter;
}

/** Counts the tokens of a text that holds no special token. */
export function bytePairCounter({ tokens, merges, splitter }: BytePairVocabulary): (text: string) => number {
  const ids = new Map<string, number>();
  for (const [id, token] of tokens.entries()) ids.set(token, id);
  const isToken = isTokenOf(ids, splitter.wholeWords);
  const byteSymbols = Int32Array.from(byteLetters, (letter) => symbolOf(letter));
  const table = mergeTable(merges, symbolOf);
  /** How many tokens a symbol becomes that is no token itself: the letters of it that are. */
  const strays = strayCounts(ids, tokens.length);
  const join = symbolJoiner();
  let bytes = new Uint8Array(256);
  let symbols = new Int32Array(256);

  const chain = {
    rank: (left: number, right: number) => table.rank(symbols[left]!, symbols[right]!),
    join: (left: number, right: number) => {
      symbols[left] = table.result(table.rank(symbols[left]!, symbols[right]!));
    },
  };

  /** Texts that are no token get numbers behind the vocabulary's. */
  function symbolOf(text: string): number {
    const known = ids.get(text);
    if (known !== undefined) return known;
    ids.set(text, ids.size);
    return ids.size - 1;
  }

  function countPiece(piece: string): number {
    if (piece.length * 3 > bytes.length) {
      bytes = new Uint8Array(piece.length * 6);
      symbols = new Int32Array(piece.length * 6);
    }
    const { written } = encoder.encodeInto(piece, bytes);
    if (isToken(bytes, written)) return 1;
    for (let i = 0; i < written; i++) symbols[i] = byteSymbols[bytes[i]!]!;
    let total = 0;
    join(written, chain, (at) => {
      const symbol = symbols[at]!;
      total += symbol < tokens.length ? 1 : (strays[symbol - tokens.length] ?? 0);
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

/** Looks bytes up among the tokens, where whole words count; keeps the tokens in memory only then. */
function isTokenOf(ids: ReadonlyMap<string, number>, wholeWords: boolean): (bytes: Uint8Array, end: number) => boolean {
  if (!wholeWords) return () => false;
  const all = new Set(ids.keys());
  let longest = 0;
  for (const token of all) longest = Math.max(longest, token.length);
  return (bytes, end) => {
    if (end > longest) return false;
    let letters = '';
    for (let i = 0; i < end; i++) letters += byteLetters[bytes[i]!]!;
    return all.has(letters);
  };
}

function strayCounts(ids: ReadonlyMap<string, number>, first: number): readonly number[] {
  const counts: number[] = [];
  for (const [text, id] of ids) {
    if (id < first) continue;
    counts[id - first] = text
      .split('')
      .filter((letter) => letter < '\u0080' && (ids.get(letter) ?? first) < first).length;
  }
  return counts;
}

import { countCache } from './count-cache.ts';
import { symbolJoiner } from './symbol-joiner.ts';
import { tokenTable } from './token-table.ts';

/** A SentencePiece vocabulary that merges by score, as Llama 2, Code Llama, Mistral and Gemma have it. */
export interface SentencePieceVocabulary {
  readonly tokens: readonly string[];
  readonly scores: readonly number[];
  /** Puts a blank before the text and behind each special token. */
  readonly addsSpace: boolean;
}

const blank = '▁';
/** Pieces that no token reaches across, unless the vocabulary says otherwise: words with the blanks before them, line ends. */
const pieces = /▁*[^▁\n]+|\n+|▁+/g;

/** Counts the tokens of a text that holds no special token; `isFirst` when it begins the prompt or follows a special token. */
export function sentencePieceCounter(vocabulary: SentencePieceVocabulary): (text: string, isFirst: boolean) => number {
  const tokens = tokenTable(vocabulary.tokens);
  const ranks = ranksOf(vocabulary.scores);
  const across = pairsAcross(vocabulary.tokens);
  const { addsSpace } = vocabulary;
  const join = symbolJoiner();
  let starts = new Int32Array(256);
  let ends = new Int32Array(256);
  let piece = '';

  const tokenAt = (left: number, right: number): number =>
    tokens.find(piece, { start: starts[left]!, end: ends[right]!, without: -1 });
  const chain = {
    rank: (left: number, right: number) => {
      if (ends[right]! - starts[left]! > tokens.longest) return -1;
      const token = tokenAt(left, right);
      return token < 0 ? -1 : ranks[token]!;
    },
    join: (left: number, right: number) => {
      ends[left] = ends[right]!;
    },
  };

  function countPiece(text: string): number {
    if (text.length > starts.length) {
      starts = new Int32Array(text.length * 2);
      ends = new Int32Array(text.length * 2);
    }
    piece = text;
    let count = 0;
    for (let at = 0; at < text.length; at = ends[count++]!) {
      starts[count] = at;
      ends[count] = at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
    }
    let total = 0;
    join(count, chain, (at) => {
      // A character that is no token goes byte by byte.
      total += tokenAt(at, at) >= 0 ? 1 : Buffer.byteLength(text.slice(starts[at], ends[at]));
    });
    return total;
  }

  const countWord = countCache(countPiece);
  return (text, isFirst) => {
    const escaped = (addsSpace && isFirst ? ' ' + text : text).replaceAll(' ', blank);
    let total = 0;
    let held = '';
    for (const part of escaped.match(pieces) ?? []) {
      if (held === '') held = part;
      else if (across.has(held.slice(-1) + part.charAt(0))) held += part;
      else {
        total += countWord(held);
        held = part;
      }
    }
    return held === '' ? total : total + countWord(held);
  };
}

/** Places in the order of joining, by token: the best score first, equal scores at one place. */
function ranksOf(scores: readonly number[]): Int32Array {
  const sorted = Float64Array.from(scores).sort();
  const ranks = new Int32Array(scores.length);
  for (let id = 0; id < scores.length; id++) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! <= scores[id]!) low = middle + 1;
      else high = middle;
    }
    ranks[id] = sorted.length - low;
  }
  return ranks;
}

/** Neighbours at the borders of `pieces` that some token holds nevertheless, such as `;` before a blank. */
function pairsAcross(tokens: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const token of tokens) {
    for (let i = 1; i < token.length; i++) {
      const before = token.charAt(i - 1);
      const after = token.charAt(i);
      const isBorder = before === '\n' ? after !== '\n' : after === '\n' || (after === blank && before !== blank);
      if (isBorder) found.add(before + after);
    }
  }
  return found;
}

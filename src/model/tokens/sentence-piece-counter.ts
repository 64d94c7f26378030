import { countCache } from './count-cache.ts';
import { symbolJoiner } from './symbol-joiner.ts';

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
  const { tokens, addsSpace } = vocabulary;
  const ranks = ranksByText(vocabulary);
  const across = pairsAcross(tokens);
  const longest = tokens.reduce((length, token) => Math.max(length, token.length), 0);
  const join = symbolJoiner();
  let starts = new Int32Array(256);
  let ends = new Int32Array(256);
  let piece = '';

  const chain = {
    rank: (left: number, right: number) => {
      const from = starts[left]!;
      const to = ends[right]!;
      return to - from > longest ? -1 : (ranks.get(piece.slice(from, to)) ?? -1);
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
      const symbol = text.slice(starts[at], ends[at]);
      // A character that is no token goes byte by byte.
      total += ranks.has(symbol) ? 1 : Buffer.byteLength(symbol);
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

/** Order of joining by the text that results: the best score first. */
function ranksByText({ tokens, scores }: SentencePieceVocabulary): ReadonlyMap<string, number> {
  const order = new Map<number, number>();
  const best = Float64Array.from(new Set(scores)).sort().reverse();
  for (const [rank, score] of best.entries()) order.set(score, rank);
  const ranks = new Map<string, number>();
  for (const [id, token] of tokens.entries()) ranks.set(token, order.get(scores[id] ?? 0) ?? 0);
  return ranks;
}

/** Neighbours at the borders of `pieces` that some token holds nevertheless, such as `;` before a blank. */
function pairsAcross(tokens: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const token of tokens) {
    if (token.length < 2 || !/[^▁\n][▁\n]|\n[^\n]|▁\n/.test(token)) continue;
    for (let i = 1; i < token.length; i++) found.add(token.slice(i - 1, i + 1));
  }
  return found;
}

import { numberHeap } from './number-heap.ts';

/** Symbols of a word by index, from left to right. A joined symbol keeps the index of its left part. */
export interface Symbols {
  /** Place in the order of joining, the lowest first; -1 for two symbols that are never joined. */
  rank(left: number, right: number): number;
  join(left: number, right: number): void;
}

/** Joins neighbours until none are left to join, and calls `visit` with the symbols that remain. */
export type SymbolJoiner = (count: number, symbols: Symbols, visit: (symbol: number) => void) => void;

/** More symbols than a text can have, so that a rank and an index fit into one number that sorts by both. */
const indexRange = 2 ** 30;

/** Pair merging as all tokenizers do it: lowest rank first, then leftmost. Takes n log n steps. */
export function symbolJoiner(): SymbolJoiner {
  const heap = numberHeap();
  let next = new Int32Array(256);
  let previous = new Int32Array(256);

  return (count, symbols, visit) => {
    if (count > next.length) {
      next = new Int32Array(count * 2);
      previous = new Int32Array(count * 2);
    }
    const offer = (left: number, right: number): void => {
      if (left < 0 || right < 0) return;
      const rank = symbols.rank(left, right);
      if (rank >= 0) heap.push(rank * indexRange + left);
    };
    heap.clear();
    for (let i = 0; i < count; i++) {
      previous[i] = i - 1;
      next[i] = i + 1 < count ? i + 1 : -1;
      if (i > 0) offer(i - 1, i);
    }
    for (let key = heap.pop(); key >= 0; key = heap.pop()) {
      const left = key % indexRange;
      const right = next[left]!;
      // A pair whose symbols were joined with others since is told by its rank: that of the pair that is there now differs.
      if (right < 0 || symbols.rank(left, right) !== (key - left) / indexRange) continue;
      symbols.join(left, right);
      const after = next[right]!;
      next[left] = after;
      // No pair begins here any more: what is still queued for it ends at the check above.
      next[right] = -1;
      if (after >= 0) previous[after] = left;
      offer(previous[left]!, left);
      offer(left, after);
    }
    for (let at = count > 0 ? 0 : -1; at >= 0; at = next[at]!) visit(at);
  };
}

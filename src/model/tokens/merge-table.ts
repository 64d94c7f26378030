import type { TokenTable } from './token-table.ts';

/** Which two tokens merge into which, and in what order. Tokens are numbers. */
export interface MergeTable {
  /** -1 when the two never merge. */
  rank(left: number, right: number): number;
  /** The token that the merge of this rank gives. */
  result(rank: number): number;
}

/**
 * Reads merges such as `Ġ t`. Of equal ones the first counts; one whose parts or result are no tokens is passed over, as no vocabulary
 * that was trained has such.
 */
export function mergeTable(merges: readonly string[], tokens: TokenTable): MergeTable {
  const mask = 2 ** Math.ceil(Math.log2(merges.length * 1.5 + 2)) - 1;
  const slots = new Int32Array(mask + 1).fill(-1);
  const lefts = new Int32Array(merges.length);
  const rights = new Int32Array(merges.length);
  const results = new Int32Array(merges.length);

  /** The slot of a pair, or the empty one where it belongs. */
  function slotOf(left: number, right: number): number {
    let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca77);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    for (let rank = slots[slot]!; rank >= 0; rank = slots[slot]!) {
      if (lefts[rank] === left && rights[rank] === right) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  for (let rank = 0; rank < merges.length; rank++) {
    const merge = merges[rank]!;
    const blank = merge.indexOf(' ', 1);
    const end = merge.length;
    const left = tokens.find(merge, { start: 0, end: blank, without: -1 });
    const right = tokens.find(merge, { start: blank + 1, end, without: -1 });
    const result = tokens.find(merge, { start: 0, end, without: blank });
    if (blank < 0 || left < 0 || right < 0 || result < 0) continue;
    const slot = slotOf(left, right);
    if (slots[slot]! >= 0) continue;
    slots[slot] = rank;
    lefts[rank] = left;
    rights[rank] = right;
    results[rank] = result;
  }
  return { rank: (left, right) => slots[slotOf(left, right)]!, result: (rank) => results[rank]! };
}

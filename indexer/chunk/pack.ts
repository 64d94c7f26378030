import type { Border } from './border.ts';
import type { ChunkOptions } from './chunk-options.ts';

/** What each flaw of a chunk costs; being of no use at all (empty) costs 1. */
const costs = {
  /** A chunk of the maximum size. */
  fullSize: 0.5,
  /** Each definition that could stand alone but is merged with something else. */
  mergedDefinition: 0.5,
  /** For each level by which a border inside is better than the chunk's own ends, up to `straddleLimit`. */
  straddle: 0.15,
  straddleLimit: 0.6,
  /** Each level of depth of a border. */
  depth: 0.01,
};

/** A place for each border's own definition: the index of the border where the definition ends, or 0. */
export type OwnEnds = Uint32Array;

/**
 * Chooses among borders, by dynamic programming over the whole file, the cuts with the least total cost: sizes near the
 * target, definitions alone where they are big enough, siblings merged rather than cousins. The idea of weighing all
 * breaks together is that of Knuth and Plass, "Breaking paragraphs into lines" (1981).
 * Returns indexes into `borders`, first and last included.
 */
export function packBorders(borders: readonly Border[], ownEnds: OwnEnds, options: ChunkOptions): number[] {
  const count = borders.length;
  const best = new Float64Array(count);
  const from = new Uint32Array(count);
  const ownBefore = countOwn(ownEnds);
  for (let end = 1; end < count; end++) {
    const last = borders[end]!;
    let least = Infinity;
    let inside = Infinity;
    for (let start = end - 1; start >= 0; start--) {
      const first = borders[start]!;
      const size = last.size - first.size;
      if (size > options.maxChars && start < end - 1) break;
      let cost = best[start]! + last.level * costs.depth + straddleCost(inside, Math.max(first.level, last.level));
      if (ownEnds[start] !== end) {
        cost += sizeCost(size, options) + (ownBefore[end]! - ownBefore[start]!) * costs.mergedDefinition;
      }
      if (cost < least) {
        least = cost;
        from[end] = start;
      }
      inside = Math.min(inside, first.level);
    }
    best[end] = least;
  }
  return traceBack(from);
}

function straddleCost(inside: number, ends: number): number {
  return inside >= ends ? 0 : Math.min(costs.straddleLimit, (ends - inside) * costs.straddle);
}

function sizeCost(size: number, { targetChars, maxChars }: ChunkOptions): number {
  if (size <= targetChars) return (1 - size / targetChars) ** 2;
  const excess = Math.min(1, (size - targetChars) / Math.max(1, maxChars - targetChars));
  return excess ** 2 * costs.fullSize;
}

function countOwn(ownEnds: OwnEnds): Uint32Array {
  const before = new Uint32Array(ownEnds.length + 1);
  for (let index = 0; index < ownEnds.length; index++) before[index + 1] = before[index]! + (ownEnds[index] ? 1 : 0);
  return before;
}

function traceBack(from: Uint32Array): number[] {
  const cuts = [from.length - 1];
  for (let at = from.length - 1; at > 0;) {
    at = from[at]!;
    cuts.push(at);
  }
  return cuts.reverse();
}

/** Sizes that steer the chunker, all in non-blank characters. */
export interface ChunkOptions {
  /** What small neighbours are merged up to; about 20 lines by default. */
  readonly targetChars: number;
  /** No chunk is bigger, except a single line. */
  readonly maxChars: number;
  /** A single line that is bigger is split between its tokens. */
  readonly maxLineChars: number;
  /** A definition of at least this size is not merged with its neighbours. */
  readonly ownChars: number;
}

/** Sizes that did best on labelled questions. */
export const defaultChunkOptions: ChunkOptions = {
  targetChars: 560,
  maxChars: 820,
  maxLineChars: 1640,
  ownChars: 225,
};

/** Below this, cutting makes no sense. */
const smallestTarget = 16;

/**
 * Fills in what is left out, in the proportions of the defaults, and keeps the sizes in order: own ≤ target ≤ max ≤ line.
 */
export function resolveChunkOptions(given: Partial<ChunkOptions> = {}): ChunkOptions {
  const targetChars = Math.max(smallestTarget, given.targetChars ?? defaultChunkOptions.targetChars);
  const scaled = (size: number): number => Math.round((size * targetChars) / defaultChunkOptions.targetChars);
  const maxChars = Math.max(targetChars, given.maxChars ?? scaled(defaultChunkOptions.maxChars));
  const maxLineChars = Math.max(maxChars, given.maxLineChars ?? 2 * maxChars);
  const ownChars = Math.min(targetChars, given.ownChars ?? scaled(defaultChunkOptions.ownChars));
  return { targetChars, maxChars, maxLineChars, ownChars };
}

/** Version of the chunking rules; raise it when the same file would be cut differently. */
export const chunkRulesVersion = 1;

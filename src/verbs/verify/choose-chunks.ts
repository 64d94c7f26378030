import type { UnpackedChunk } from '../../core/packing/packed-chunks.ts';
import type { Hit } from '../../core/retrieval.ts';

/** What is compared of a hit. */
export type FormerChunk = Pick<Hit, 'kind' | 'name' | 'context' | 'text' | 'startLine'>;

/** Lines that some other code may well have, too. */
const tellingLine = /\w{3}|[^\x00-\x7f]/;
/** Less than this of a nameless chunk's lines, and it is another one. */
const leastShare = 0.3;
/** A name is a strong sign, but `constructor` and `main` are in many places: then some lines or the place must agree, too. */
const leastShareOfNamed = 0.15;
const worth = { kind: 0.2, name: 2, context: 0.5 } as const;

interface Pair<Former> {
  readonly hit: Former;
  readonly chunk: UnpackedChunk;
  readonly score: number;
  readonly distance: number;
}

/**
 * Says which chunk of a file as it is now each hit has become: the one of the same name, else the one that shares most lines. Hits that
 * nothing is like are left out, and no chunk is chosen twice. Pure.
 */
export function chooseChunks<Former extends FormerChunk>(
  hits: readonly Former[],
  chunks: readonly UnpackedChunk[],
): ReadonlyMap<Former, UnpackedChunk> {
  const linesOfChunks = chunks.map((chunk) => tellingLines(chunk.text));
  const pairs = hits.flatMap((hit) => {
    const lines = tellingLines(hit.text);
    return chunks.flatMap((chunk, index) => pairOf(hit, chunk, shareOf(lines, linesOfChunks[index]!)) ?? []);
  });
  const chosen = new Map<Former, UnpackedChunk>();
  const taken = new Set<UnpackedChunk>();
  const best = pairs.toSorted((one, other) => other.score - one.score || one.distance - other.distance);
  for (const { hit, chunk } of best) {
    if (chosen.has(hit) || taken.has(chunk)) continue;
    chosen.set(hit, chunk);
    taken.add(chunk);
  }
  return chosen;
}

/** Null where the chunk is another one than the hit. */
function pairOf<Former extends FormerChunk>(hit: Former, chunk: UnpackedChunk, share: number): Pair<Former> | null {
  const isNamed = hit.name !== '' && hit.name === chunk.name;
  const isInPlace = hit.context.join('\n') === chunk.context;
  const isLike = isNamed ? isInPlace || share >= leastShareOfNamed : share >= leastShare;
  if (!isLike) return null;
  const score =
    share + (isNamed ? worth.name : 0) + (isInPlace ? worth.context : 0) + (hit.kind === chunk.kind ? worth.kind : 0);
  return { hit, chunk, score, distance: Math.abs(chunk.startLine - hit.startLine) };
}

function tellingLines(text: string): ReadonlySet<string> {
  return new Set(
    text
      .split(/\r\n?|\n/)
      .map((line) => line.trim())
      .filter((line) => tellingLine.test(line)),
  );
}

/** The part of the lines that the others have. */
function shareOf(lines: ReadonlySet<string>, others: ReadonlySet<string>): number {
  return lines.size === 0 ? 0 : [...lines].filter((line) => others.has(line)).length / lines.size;
}

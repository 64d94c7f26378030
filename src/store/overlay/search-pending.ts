import type { QueryTerm, SearchOptions, StoreFilter, StoreHit } from '../../core/vector-store.ts';
import { rarity, saturation } from '../bm25.ts';
import { chunkAt, rangeOf } from './file-terms.ts';
import type { PendingSnapshot } from './pending-chunks.ts';
import { type FileContent, norm, outlineOf, product } from './pending-file.ts';

/** A term of a question that pending chunks have. */
export interface PendingTerm extends QueryTerm {
  /** How many pending chunks have it. */
  readonly chunks: number;
  /** The files that have it, by their place among the snapshot's contents, and where it is among their terms. */
  readonly places: readonly { readonly place: number; readonly start: number; readonly end: number }[];
}

/** Those of the terms that pending chunks have. */
export function pendingTerms({ contents }: PendingSnapshot, terms: readonly QueryTerm[]): readonly PendingTerm[] {
  return terms.flatMap(({ term, weight }) => {
    const places: PendingTerm['places'][number][] = [];
    let chunks = 0;
    for (let place = 0; place < contents.length; place++) {
      const { start, end } = rangeOf(contents[place]!.terms, term);
      if (start === end) continue;
      places.push({ place, start, end });
      chunks += end - start;
    }
    return chunks === 0 ? [] : [{ term, weight, chunks, places }];
  });
}

/** BM25 over the pending chunks, best first. `stored` says how many chunks of the store have each term. */
export function rankText(
  snapshot: PendingSnapshot,
  { terms, stored }: { terms: readonly PendingTerm[]; stored: ReadonlyMap<string, number> },
  options: SearchOptions,
): StoreHit[] {
  const { contents, totals } = snapshot;
  const meanLength = totals.terms / totals.chunks;
  const firsts = firstChunks(snapshot);
  const scores = new Float64Array(snapshot.chunks).fill(-Infinity);
  for (const { term, weight, chunks, places } of terms) {
    const worth = weight * rarity(totals.chunks, chunks + (stored.get(term) ?? 0));
    for (const { place, start, end } of places) {
      const fileTerms = contents[place]!.terms;
      for (let at = start; at < end; at++) {
        const chunk = chunkAt(fileTerms, at);
        const frequency = fileTerms.frequencies[at]!;
        const added = worth * saturation({ frequency, length: fileTerms.lengths[chunk]!, meanLength });
        const scored = firsts[place]! + chunk;
        scores[scored] = Math.max(0, scores[scored]!) + added;
      }
    }
  }
  return best(snapshot, scores, options);
}

/** Cosine similarity over the pending chunks that have a vector, best first. */
export function rankVectors(snapshot: PendingSnapshot, vector: Float32Array, options: SearchOptions): StoreHit[] {
  const length = norm(vector);
  const scores = new Float64Array(snapshot.chunks).fill(-Infinity);
  let at = 0;
  for (const { chunks, norms } of snapshot.contents) {
    for (let i = 0; i < chunks.length; i++, at++) {
      const own = chunks[i]!.vector;
      if (own !== undefined) scores[at] = product(vector, own) / (length * norms[i]! || 1);
    }
  }
  return best(snapshot, scores, options);
}

/** Best first; equal scores by id, so that the same index gives the same order. */
export function byScore(left: Pick<StoreHit, 'id' | 'score'>, right: Pick<StoreHit, 'id' | 'score'>): number {
  return right.score - left.score || left.id - right.id;
}

/** The chunks with the highest scores; those without one have -Infinity. */
function best({ contents }: PendingSnapshot, scores: Float64Array, { limit, filter }: SearchOptions): StoreHit[] {
  if (filter !== undefined) leaveOut(contents, scores, filter);
  // Sorting the numbers alone is quick; only what is good enough is then looked at.
  const least = limit < scores.length ? scores.toSorted()[scores.length - Math.max(1, limit)]! : -Infinity;
  const found: StoreHit[] = [];
  let at = 0;
  for (const { chunks } of contents) {
    for (const chunk of chunks) {
      const score = scores[at++]!;
      if (score >= least && score > -Infinity) found.push({ ...outlineOf(chunk), score });
    }
  }
  return found.sort(byScore).slice(0, Math.max(0, limit));
}

function leaveOut(contents: readonly FileContent[], scores: Float64Array, { files, languages }: StoreFilter): void {
  let at = 0;
  for (const { file, chunks } of contents) {
    const isAllowed = files?.includes(file) ?? true;
    for (const { language } of chunks) {
      if (!isAllowed || languages?.includes(language) === false) scores[at] = -Infinity;
      at++;
    }
  }
}

/** Place of each file's first chunk among all. */
function firstChunks({ contents }: PendingSnapshot): readonly number[] {
  let next = 0;
  return contents.map(({ chunks }) => (next += chunks.length) - chunks.length);
}

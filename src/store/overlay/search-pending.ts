import type { ChunkRecord, QueryTerm, SearchOptions, StoreHit } from '../../core/vector-store.ts';
import { rarity, saturation } from '../bm25.ts';
import type { PendingSnapshot } from './pending-chunks.ts';
import { norm, outlineOf } from './pending-file.ts';

/** A term of a question that pending chunks have. */
export interface PendingTerm extends QueryTerm {
  /** How many pending chunks have it. */
  readonly chunks: number;
  /** The files that have it, by their place among the snapshot's contents, and its row there. */
  readonly places: readonly { readonly place: number; readonly row: number }[];
}

/** Those of the terms that pending chunks have. */
export function pendingTerms({ contents }: PendingSnapshot, terms: readonly QueryTerm[]): readonly PendingTerm[] {
  return terms.flatMap(({ term, weight }) => {
    const places: { place: number; row: number }[] = [];
    let chunks = 0;
    for (let place = 0; place < contents.length; place++) {
      const { rows, starts } = contents[place]!.terms;
      const row = rows.get(term);
      if (row === undefined) continue;
      places.push({ place, row });
      chunks += starts[row + 1]! - starts[row]!;
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
  const starts = chunkStarts(snapshot);
  const scores = new Float64Array(snapshot.chunks);
  for (const { term, weight, chunks, places } of terms) {
    const worth = weight * rarity(totals.chunks, chunks + (stored.get(term) ?? 0));
    for (const { place, row } of places) {
      const { lengths, starts: rows, occurrences } = contents[place]!.terms;
      for (let pair = rows[row]! * 2; pair < rows[row + 1]! * 2; pair += 2) {
        const chunk = occurrences[pair]!;
        const occurrence = { frequency: occurrences[pair + 1]!, length: lengths[chunk]!, meanLength };
        scores[starts[place]! + chunk]! += worth * saturation(occurrence);
      }
    }
  }
  return best(snapshot, { scores, above: 0 }, options);
}

/** Cosine similarity over the pending chunks that have a vector, best first. */
export function rankVectors(snapshot: PendingSnapshot, vector: Float32Array, options: SearchOptions): StoreHit[] {
  const length = norm(vector);
  const scores = new Float64Array(snapshot.chunks).fill(-Infinity);
  let at = 0;
  for (const content of snapshot.contents) {
    for (const [i, record] of content.records.entries()) {
      if (record.vector !== undefined) {
        scores[at] = product(vector, record.vector) / (length * content.norms[i]! || 1);
      }
      at++;
    }
  }
  return best(snapshot, { scores, above: -Infinity }, options);
}

/** Best first; equal scores by id, so that the same index gives the same order. */
export function byScore(left: Scored, right: Scored): number {
  return right.score - left.score || left.id - right.id;
}

type Scored = Pick<StoreHit, 'id' | 'score'>;

function best(
  { contents }: PendingSnapshot,
  { scores, above }: { scores: Float64Array; above: number },
  { limit, filter }: SearchOptions,
): StoreHit[] {
  const found: { id: number; score: number; record: ChunkRecord }[] = [];
  let at = 0;
  for (const { file, records } of contents) {
    const isAllowed = filter?.files?.includes(file) ?? true;
    for (const record of records) {
      const score = scores[at++]!;
      if (!isAllowed || filter?.languages?.includes(record.language) === false) continue;
      if (score > above) found.push({ id: record.id, score, record });
    }
  }
  const ranked = found.sort(byScore).slice(0, Math.max(0, limit));
  return ranked.map(({ record, score }) => ({ ...outlineOf(record), score }));
}

/** Place of each file's first chunk among all. */
function chunkStarts({ contents }: PendingSnapshot): readonly number[] {
  let next = 0;
  return contents.map(({ records }) => (next += records.length) - records.length);
}

function product(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += left[i]! * (right[i] ?? 0);
  return sum;
}

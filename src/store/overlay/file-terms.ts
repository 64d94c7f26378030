import type { ChunkRecord } from '../../core/vector-store.ts';

/** Where the search terms of one file's chunks occur: 8 bytes an occurrence, and each term once. */
export interface FileTerms {
  /** Number of terms of each chunk. */
  readonly lengths: Uint32Array;
  /** Row of each term. */
  readonly rows: ReadonlyMap<string, number>;
  /** Where each row begins among `occurrences`, counted in pairs; one more at the end. */
  readonly starts: Uint32Array;
  /** Pairs of a chunk's place in the file and how often it has the term. */
  readonly occurrences: Uint32Array;
}

/** Finds out which chunk has which term how often. Terms are parted by spaces. */
export function analyseTerms(records: readonly ChunkRecord[]): FileTerms {
  const rows = new Map<string, number>();
  const lengths = new Uint32Array(records.length);
  /** Of the chunk at hand, by row. */
  const frequencies: number[] = [];
  /** Row, chunk and frequency, one after the other. */
  const found: number[] = [];
  for (const [chunk, { terms }] of records.entries()) {
    const seen: number[] = [];
    for (const term of terms.split(' ')) {
      if (term === '') continue;
      lengths[chunk]!++;
      let row = rows.get(term);
      if (row === undefined) {
        row = rows.size;
        rows.set(term, row);
        frequencies.push(0);
      }
      if (frequencies[row]!++ === 0) seen.push(row);
    }
    for (const row of seen) {
      found.push(row, chunk, frequencies[row]!);
      frequencies[row] = 0;
    }
  }
  return { lengths, rows, ...byRow(found, rows.size) };
}

/** Sorts occurrences by row: counts each row, then puts each occurrence behind those of its row before it. */
function byRow(found: readonly number[], rows: number): Pick<FileTerms, 'starts' | 'occurrences'> {
  const starts = new Uint32Array(rows + 1);
  for (let at = 0; at < found.length; at += 3) starts[found[at]! + 1]!++;
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!;
  const next = starts.slice();
  const occurrences = new Uint32Array((found.length / 3) * 2);
  for (let at = 0; at < found.length; at += 3) {
    const pair = next[found[at]!]!++;
    occurrences[pair * 2] = found[at + 1]!;
    occurrences[pair * 2 + 1] = found[at + 2]!;
  }
  return { starts, occurrences };
}

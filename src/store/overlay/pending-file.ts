import type { PendingFile } from '../../core/catalogue.ts';
import type { ChunkOutline, ChunkRecord } from '../../core/vector-store.ts';
import { analyseTerms, type FileTerms } from './file-terms.ts';

/** A chunk as it is held in memory: its search terms are analysed and not kept. */
export type HeldChunk = Omit<ChunkRecord, 'terms'>;

/** The chunks of a pending file, ready to be searched. */
export interface FileContent {
  readonly file: number;
  readonly chunks: readonly HeldChunk[];
  readonly terms: FileTerms;
  /** Length of each chunk's vector, 0 where there is none. */
  readonly norms: Float32Array;
  /** About how much memory all this takes. */
  readonly bytes: number;
}

/** A pending file as it is known; `content` is null where it has no chunks or they are not held. */
export interface KnownFile extends PendingFile {
  readonly content: FileContent | null;
}

/** What a chunk takes beside its characters, its vector and what is known of its terms. */
const bytesPerChunk = 400;

/** Gets a file's chunks ready; null when there are none. */
export function fileContent(records: readonly ChunkRecord[]): FileContent | null {
  const [first] = records;
  if (first === undefined) return null;
  const terms = analyseTerms(records.map((record) => record.terms));
  const chunks = records.map(({ terms: _, ...chunk }) => chunk);
  return {
    file: first.file,
    chunks,
    terms,
    norms: Float32Array.from(chunks, ({ vector }) => (vector === undefined ? 0 : norm(vector))),
    bytes: chunks.reduce((sum, chunk) => sum + bytesOf(chunk), terms.keys.byteLength + terms.frequencies.byteLength),
  };
}

/** A chunk without its contents. */
export function outlineOf(chunk: HeldChunk): ChunkOutline {
  const { id, file, generation, path, language, kind, name, startLine, endLine } = chunk;
  return { id, file, generation, path, language, kind, name, startLine, endLine };
}

/** Length of a vector. */
export function norm(vector: Float32Array): number {
  return Math.sqrt(product(vector, vector));
}

/** Sum of the products of two vectors of one length; four sums at a time, which takes three quarters of the time. */
export function product(left: Float32Array, right: Float32Array): number {
  const length = Math.min(left.length, right.length);
  let sum = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let at = 0;
  for (; at + 3 < length; at += 4) {
    sum += left[at]! * right[at]!;
    second += left[at + 1]! * right[at + 1]!;
    third += left[at + 2]! * right[at + 2]!;
    fourth += left[at + 3]! * right[at + 3]!;
  }
  for (; at < length; at++) sum += left[at]! * right[at]!;
  return sum + second + third + fourth;
}

function bytesOf({ text, context, name, vector }: HeldChunk): number {
  return bytesPerChunk + text.length + context.length + name.length + (vector?.byteLength ?? 0);
}

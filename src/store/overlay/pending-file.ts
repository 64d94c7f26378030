import type { PendingFile } from '../../core/catalogue.ts';
import type { ChunkOutline, ChunkRecord } from '../../core/vector-store.ts';
import { analyseTerms, type FileTerms } from './file-terms.ts';

/** The chunks of a pending file, ready to be searched. */
export interface FileContent {
  readonly file: number;
  readonly records: readonly ChunkRecord[];
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

/** What a string in a map, and a record with its strings, take beside their characters. */
const bytesPerTerm = 80;
const bytesPerRecord = 400;

/** Gets a file's chunks ready; null when there are none. */
export function fileContent(records: readonly ChunkRecord[]): FileContent | null {
  const [first] = records;
  if (first === undefined) return null;
  const terms = analyseTerms(records);
  return {
    file: first.file,
    records,
    terms,
    norms: Float32Array.from(records, ({ vector }) => (vector === undefined ? 0 : norm(vector))),
    bytes: recordBytes(records) + terms.occurrences.byteLength + terms.rows.size * bytesPerTerm,
  };
}

/** A record without its contents. */
export function outlineOf(record: ChunkRecord): ChunkOutline {
  const { id, file, generation, path, language, kind, name, startLine, endLine } = record;
  return { id, file, generation, path, language, kind, name, startLine, endLine };
}

/** Length of a vector. */
export function norm(vector: Float32Array): number {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += vector[i]! * vector[i]!;
  return Math.sqrt(squares);
}

function recordBytes(records: readonly ChunkRecord[]): number {
  return records.reduce((sum, { text, terms, context, name, vector }) => {
    const characters = text.length + terms.length + context.length + name.length;
    return sum + bytesPerRecord + characters + (vector?.byteLength ?? 0);
  }, 0);
}

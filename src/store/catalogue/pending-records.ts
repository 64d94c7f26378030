import { unpackChunks } from '../../core/packing/packed-chunks.ts';
import type { ChunkRecord } from '../../core/vector-store.ts';
import type { SqliteDatabase } from '../sqlite.ts';

interface PendingContent {
  readonly file: number;
  readonly generation: number;
  readonly path: string;
  readonly language: string;
  readonly firstChunk: number;
  readonly content: Uint8Array;
}

/** The chunks of a file in the journal; null when that entry is no longer there or is of a removed file. */
export function pendingRecords(database: SqliteDatabase, sequence: number): ChunkRecord[] | null {
  const row = database.get<PendingContent>(
    `SELECT file, pending.generation AS generation, path, language, first_chunk AS firstChunk, content
      FROM pending JOIN file USING (file) WHERE sequence = ?`,
    sequence,
  );
  if (row === undefined) return null;
  const { file, generation, path, language, firstChunk, content } = row;
  return unpackChunks(content).map((chunk, i) => ({ id: firstChunk + i, file, generation, path, language, ...chunk }));
}

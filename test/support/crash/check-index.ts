import { join } from 'node:path';
import { sha256 } from '../../../src/core/hash.ts';
import { unpackChunks } from '../../../src/core/packing/packed-chunks.ts';
import type { ChunkRecord } from '../../../src/core/vector-store.ts';
import { openIndex } from '../../../src/store/index-folder.ts';
import { currentNumber } from '../../../src/store/index-place.ts';
import { LanceStore } from '../../../src/store/lance-store.ts';
import { SqliteDatabase } from '../../../src/store/sqlite.ts';

/** What lies in an index folder, looked at from below: catalogue and chunk table, each by itself. */
export interface IndexState {
  /** Number of the index in use. */
  readonly number: number;
  /** Hash of each served file by path. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Files that are not whole, a sentence each. */
  readonly problems: readonly string[];
}

interface ServedFile {
  readonly file: number;
  readonly path: string;
  readonly hash: Uint8Array;
  readonly generation: number;
  readonly firstChunk: number;
  readonly chunks: number;
  readonly content: Uint8Array | null;
}

const select = `SELECT file.file, path, hash, file.generation, first_chunk AS firstChunk, file.chunks, content
  FROM file LEFT JOIN pending ON pending.file = file.file AND pending.generation = file.generation ORDER BY path`;

/**
 * Checks that each served file is whole, in the journal or in the chunk table: the texts of its chunks, one after the other,
 * have the hash that the catalogue has of the file. Throws where index, catalogue or table cannot be read.
 */
export async function checkIndex(indexFolder: string): Promise<IndexState> {
  const number = currentNumber(indexFolder);
  if (number === null) throw new Error('There is no index.');
  // As a reader does it, who repairs what has to be repaired before anything is read.
  const reader = openIndex(indexFolder);
  const dimension = reader.catalogue.identity()?.embedder?.dimension ?? null;
  const place = join(indexFolder, String(number));
  const database = new SqliteDatabase(join(place, 'catalogue.sqlite'), { readOnly: true, ifDamaged: 'It is lost.' });
  const store = new LanceStore({ folder: join(place, 'chunks'), table: 'chunks', dimension });
  try {
    const files = database.all<ServedFile>(select);
    const stored = files.filter(({ content }) => content === null);
    const rows = await store.read(stored.flatMap(({ firstChunk, chunks }) => idsOf(firstChunk, chunks)));
    const byFile = Map.groupBy(rows, ({ file }) => file);
    await store.inventory();
    return {
      number,
      hashes: new Map(files.map(({ path, hash }) => [path, Buffer.from(hash).toString('hex')])),
      problems: files.flatMap((file) => problemOf(file, byFile.get(file.file) ?? [])),
    };
  } finally {
    await store.close();
    database.close();
    await reader.close();
  }
}

function idsOf(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

function problemOf(file: ServedFile, rows: readonly ChunkRecord[]): string[] {
  const { content, chunks, hash, path, generation } = file;
  const wanted = Buffer.from(hash).toString('hex');
  const where = content === null ? 'stored' : 'pending';
  const texts = content === null ? rows.map(({ text }) => text) : unpackChunks(content).map(({ text }) => text);
  if (texts.length !== chunks) return [`${path}: ${texts.length} of ${chunks} chunks are ${where}.`];
  if (rows.some((row) => row.generation !== generation)) return [`${path}: chunks of several generations are stored.`];
  if (sha256(texts.join('')) !== wanted)
    return [`${path}: what is ${where} is not the content of generation ${generation}.`];
  return [];
}

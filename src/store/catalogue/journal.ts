import type { PendingBatch } from '../../core/catalogue.ts';
import { countChunks } from '../../core/packing/packed-chunks.ts';
import type { SqliteDatabase } from '../sqlite.ts';
import { pendingRecords } from './pending-records.ts';

interface PendingRow {
  readonly sequence: number;
  readonly file: number;
  readonly generation: number;
  readonly chunks: number;
  readonly removes: number;
}

/** A file's content on its way to the store. */
export interface JournalEntry {
  readonly file: number;
  readonly generation: number;
  /** An older generation may be in the store. */
  readonly removes: boolean;
  /** Packed. */
  readonly chunks: Uint8Array;
}

/** Batches of nothing but removals end here, so that none grows without bound. */
const maxRowsPerBatch = 2000;

/** Content that is recorded but not yet in the store: durable, in order, dropped when the store has it. */
export class Journal {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** Replaces what was pending of the file. Call within the transaction that records it. */
  add({ file, generation, removes, chunks }: JournalEntry): void {
    this.#replace(file);
    this.#database.run(
      'INSERT INTO pending (file, generation, chunks, removes, content) VALUES (?, ?, ?, ?, ?)',
      file,
      generation,
      countChunks(chunks),
      removes ? 1 : 0,
      chunks,
    );
  }

  /** Makes the store drop all chunks of the file up to `generation`. */
  remove(file: number, generation: number): void {
    this.#replace(file);
    const values = 'INSERT INTO pending (file, generation, chunks, removes) VALUES (?, ?, 0, 1)';
    this.#database.run(values, file, generation + 1);
  }

  /** Whole files in the order they were recorded, as long as they stay within `maxRecords`, but at least one. */
  next(maxRecords: number): PendingBatch | null {
    const rows = this.#database.all<PendingRow>(
      `SELECT sequence, file, generation, chunks, removes FROM pending ORDER BY sequence LIMIT ${maxRowsPerBatch}`,
    );
    const taken: PendingRow[] = [];
    let records = 0;
    for (const row of rows) {
      records += row.chunks;
      if (taken.length > 0 && records > maxRecords) break;
      taken.push(row);
    }
    const last = taken.at(-1);
    if (last === undefined) return null;
    return {
      records: taken.flatMap(({ chunks, sequence }) =>
        chunks > 0 ? (pendingRecords(this.#database, sequence) ?? []) : [],
      ),
      removeBefore: taken.filter(({ removes }) => removes === 1).map(({ file, generation }) => ({ file, generation })),
      through: last.sequence,
    };
  }

  /** Drops everything up to a batch's end. */
  dropThrough(sequence: number): void {
    this.#database.run('DELETE FROM pending WHERE sequence <= ?', sequence);
  }

  /** Files and chunks that are pending. */
  size(): { readonly files: number; readonly chunks: number } {
    const sums = 'SELECT count(*) AS files, total(chunks) AS chunks FROM pending';
    return { files: 0, chunks: 0, ...this.#database.get<{ files: number; chunks: number }>(sums) };
  }

  /** Numbers of the files that are pending. */
  files(): ReadonlySet<number> {
    return new Set(this.#database.all<{ file: number }>('SELECT file FROM pending').map(({ file }) => file));
  }

  #replace(file: number): void {
    this.#database.run('DELETE FROM pending WHERE file = ?', file);
  }
}

import type { IndexedFile, PendingBatch } from '../../core/catalogue.ts';
import type { ChunkRecord } from '../../core/vector-store.ts';
import { fromFloat16, halfBytes, halvesOf, toFloat16 } from '../float16.ts';
import type { SqliteDatabase } from '../sqlite.ts';
import { compressBriefly, decompressText } from './compression.ts';

/** What a chunk record holds besides its file's fields, its text and its terms; `units` is the text's length. */
type ChunkHead = Pick<ChunkRecord, 'kind' | 'name' | 'startLine' | 'endLine' | 'context'> & {
  readonly units: number;
  /** Length of the vector, 0 without one. */
  readonly dimension: number;
};

interface PendingRow {
  readonly sequence: number;
  readonly file: number;
  readonly generation: number;
  readonly chunks: number;
  readonly removes: number;
}

interface PendingContent {
  readonly path: string;
  readonly language: string;
  readonly firstChunk: number;
  readonly content: Uint8Array;
  readonly vectors: Uint8Array;
}

/** A file's content on its way to the store. */
export interface JournalEntry {
  readonly file: number;
  readonly generation: number;
  /** An older generation may be in the store. */
  readonly removes: boolean;
  readonly chunks: IndexedFile['chunks'];
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
    const heads = chunks.map(({ kind, name, startLine, endLine, context, text, vector }): ChunkHead => {
      return {
        kind,
        name,
        startLine,
        endLine,
        context: context.join('\n'),
        units: text.length,
        dimension: vector?.length ?? 0,
      };
    });
    const texts = chunks.map(({ text }) => text).join('');
    const terms = chunks.map((chunk) => chunk.terms).join('\n');
    const vectors = chunks.flatMap(({ vector }) => (vector ? [halfBytes(toFloat16(vector))] : []));
    this.#replace(file);
    this.#database.run(
      'INSERT INTO pending (file, generation, chunks, removes, content, vectors) VALUES (?, ?, ?, ?, ?, ?)',
      file,
      generation,
      chunks.length,
      removes ? 1 : 0,
      // One call for all: setting up a compressor costs more than compressing a small file.
      compressBriefly(`${JSON.stringify(heads)}\n${texts}${terms}`),
      Buffer.concat(vectors),
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
      records: taken.flatMap((row) => (row.chunks > 0 ? this.#records(row) : [])),
      removeBefore: taken.filter(({ removes }) => removes === 1).map(({ file, generation }) => ({ file, generation })),
      through: last.sequence,
    };
  }

  /** Drops everything up to a batch's end. */
  dropThrough(sequence: number): void {
    this.#database.run('DELETE FROM pending WHERE sequence <= ?', sequence);
  }

  #replace(file: number): void {
    this.#database.run('DELETE FROM pending WHERE file = ?', file);
  }

  #records({ sequence, file, generation }: PendingRow): ChunkRecord[] {
    const row = this.#database.get<PendingContent>(
      `SELECT path, language, first_chunk AS firstChunk, content, vectors
        FROM pending JOIN file USING (file) WHERE sequence = ?`,
      sequence,
    );
    if (row === undefined) return [];
    const { path, language, firstChunk } = row;
    const content = decompressText(row.content);
    // JSON has no line breaks of its own.
    let textAt = content.indexOf('\n') + 1;
    const heads = JSON.parse(content.slice(0, textAt)) as ChunkHead[];
    const termsAt = heads.reduce((sum, { units }) => sum + units, textAt);
    const terms = content.slice(termsAt).split('\n');
    const halves = halvesOf(row.vectors);
    let vectorAt = 0;
    return heads.map(({ units, dimension, ...head }, i) => {
      const text = content.slice(textAt, (textAt += units));
      const vector = halves.subarray(vectorAt, (vectorAt += dimension));
      const record = { id: firstChunk + i, file, generation, path, language, ...head, text, terms: terms[i] ?? '' };
      return dimension === 0 ? record : { ...record, vector: fromFloat16(vector) };
    });
  }
}

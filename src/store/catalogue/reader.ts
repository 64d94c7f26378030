import type {
  Alarm,
  CatalogueReader,
  DegradedFile,
  FileRecord,
  IndexIdentity,
  IndexTotals,
  LexicalTotals,
  PathWordCount,
  PendingChanges,
  SkippedFile,
  SymbolHit,
} from '../../core/catalogue.ts';
import type { ChunkRecord } from '../../core/vector-store.ts';
import { foldName } from '../../text/fold-name.ts';
import { foldHash, type PlacedSymbol, unpackSymbols } from '../../text/packed-symbols.ts';
import type { SqliteDatabase } from '../sqlite.ts';
import { fileRecord, type FileRow, parseReasons, selectFiles } from './file-row.ts';
import { atOrBelow, rangeOf } from './path-range.ts';
import { alarmPrefix } from './schema.ts';
import { pendingRecords } from './pending-records.ts';

interface SymbolRow {
  readonly file: number;
  /** Among the definitions of the file. */
  readonly position: number;
  readonly path: string;
  readonly language: string;
  readonly generation: number;
  readonly firstChunk: number;
}

/** Files whose definitions are kept decoded; a file has 25 on average. */
const decodedFiles = 2000;

/** The read side of a catalogue, over any connection to it. Sees what other processes have committed at each call. */
export class SqliteCatalogueReader implements CatalogueReader {
  readonly #database: SqliteDatabase;
  /** Definitions by file and generation, least recently used first. */
  readonly #decoded = new Map<string, readonly PlacedSymbol[]>();

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** A value of the catalogue's own notes, null if there is none. */
  note(key: string): string | null {
    return this.#database.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value ?? null;
  }

  identity(): IndexIdentity | null {
    const written = this.note('identity');
    return written === null ? null : (JSON.parse(written) as IndexIdentity);
  }

  lastCompletedRun(): string | null {
    return this.note('completedAt');
  }

  revision(): number {
    return this.#database.get<{ data_version: number }>('PRAGMA data_version')?.data_version ?? 0;
  }

  totals(): IndexTotals {
    const sums = this.#database.get<Omit<IndexTotals, 'languages'>>(
      `SELECT count(*) AS files, total(chunks) AS chunks, total(symbols) AS symbols, total(bytes) AS bytes,
        total(degraded <> '') AS degraded, (SELECT count(*) FROM skipped) AS skipped,
        (SELECT count(*) FROM pending WHERE content IS NOT NULL) AS pending FROM file`,
    );
    const languages = this.#database.all<IndexTotals['languages'][number]>(
      'SELECT language, count(*) AS files FROM file GROUP BY language ORDER BY files DESC, language',
    );
    const none = { files: 0, chunks: 0, symbols: 0, skipped: 0, degraded: 0, bytes: 0, pending: 0 };
    return { ...none, ...sums, languages: languages.map((row) => ({ ...row })) };
  }

  fileCount(): number {
    return this.#database.get<{ files: number }>('SELECT count(*) AS files FROM file')?.files ?? 0;
  }

  file(path: string): FileRecord | null {
    const row = this.#database.get<FileRow>(`${selectFiles} WHERE path = ?`, path);
    return row === undefined ? null : fileRecord(row);
  }

  generations(files: readonly number[]): ReadonlyMap<number, number> {
    const rows = this.#database.all<{ file: number; generation: number }>(
      'SELECT file, generation FROM file WHERE file IN (SELECT value FROM json_each(?))',
      JSON.stringify(files),
    );
    return new Map(rows.map(({ file, generation }) => [file, generation]));
  }

  paths(): readonly { readonly file: number; readonly path: string; readonly language: string }[] {
    return this.#database.all('SELECT file, path, language FROM file ORDER BY path');
  }

  symbolsNamed(names: readonly string[], limit: number): readonly SymbolHit[] {
    return [...new Set(names.map(foldName))].flatMap((folded) => this.#symbolsFolded(folded, limit));
  }

  pathWordCounts(prefixes: readonly string[]): readonly PathWordCount[] {
    const counts = new Map<string, PathWordCount>();
    for (const prefix of new Set(prefixes)) {
      // No word contains the last code point, so this is the end of the words that begin with the prefix.
      const rows = this.#database.all<PathWordCount>(
        'SELECT word, files FROM path_word WHERE word >= ? AND word < ? ORDER BY word',
        prefix,
        `${prefix}\u{10ffff}`,
      );
      for (const { word, files } of rows) counts.set(word, { word, files });
    }
    return [...counts.values()];
  }

  skipped(under = ''): readonly SkippedFile[] {
    const select = `SELECT path, reason, detail FROM skipped WHERE ${atOrBelow} ORDER BY path`;
    return this.#database.all(select, ...rangeOf(under));
  }

  degraded(): readonly DegradedFile[] {
    const rows = this.#database.all<{ path: string; degraded: string }>(
      "SELECT path, degraded FROM file WHERE degraded <> '' ORDER BY path",
    );
    return rows.flatMap(({ path, degraded }) => parseReasons(degraded).map((reason) => ({ path, reason })));
  }

  alarms(): readonly Alarm[] {
    return this.#database.all<Alarm>(
      'SELECT substr(key, length(?) + 1) AS name, value AS message FROM meta WHERE key LIKE ? ORDER BY key',
      alarmPrefix,
      `${alarmPrefix}%`,
    );
  }

  pending(after = 0): PendingChanges {
    // The end that has reached the store is read first: what leaves the journal in between is then listed once too often.
    const first = this.#database.get<{ first: number | null }>('SELECT min(sequence) AS first FROM pending')?.first;
    const files = this.#database.all<PendingChanges['files'][number]>(
      'SELECT sequence, file, generation, chunks FROM pending WHERE sequence > ? ORDER BY sequence',
      after,
    );
    return { first: first ?? null, files };
  }

  pendingRecords(sequence: number): readonly ChunkRecord[] | null {
    return pendingRecords(this.#database, sequence);
  }

  lexicalTotals(): LexicalTotals {
    return this.#database.get<LexicalTotals>('SELECT chunks, terms FROM lexical') ?? { chunks: 0, terms: 0 };
  }

  #symbolsFolded(folded: string, limit: number): readonly SymbolHit[] {
    if (folded === '') return [];
    const rows = this.#database.all<SymbolRow>(
      `SELECT file, position, path, language, generation, first_chunk AS firstChunk
        FROM symbol_name JOIN file USING (file) WHERE fold = ? ORDER BY file, position LIMIT ?`,
      foldHash(folded),
      limit,
    );
    return rows.flatMap(({ file, position, path, language, generation, firstChunk }) => {
      const placed = this.#symbolsOf(file, generation)[position];
      if (placed === undefined || foldName(placed.symbol.name) !== folded) return [];
      return [{ ...placed.symbol, file, path, language, chunk: firstChunk + placed.chunk }];
    });
  }

  /** None when the file has changed since the caller looked. */
  #symbolsOf(file: number, generation: number): readonly PlacedSymbol[] {
    const key = `${file} ${generation}`;
    const symbols = this.#decoded.get(key) ?? this.#decode(file, generation);
    // Put last again: the first is then the one not used for longest.
    this.#decoded.delete(key);
    this.#decoded.set(key, symbols);
    const [oldest] = this.#decoded.keys();
    if (this.#decoded.size > decodedFiles && oldest !== undefined) this.#decoded.delete(oldest);
    return symbols;
  }

  #decode(file: number, generation: number): readonly PlacedSymbol[] {
    const row = this.#database.get<{ content: Uint8Array }>(
      'SELECT content FROM symbols JOIN file USING (file) WHERE file = ? AND generation = ?',
      file,
      generation,
    );
    return row === undefined ? [] : unpackSymbols(row.content);
  }
}

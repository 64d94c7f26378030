import { dirname } from 'node:path';
import type {
  CatalogueWriter,
  FileRecord,
  IndexedFile,
  IndexIdentity,
  PackedSymbols,
  PendingBatch,
  SkippedFile,
} from '../../core/catalogue.ts';
import type { DegradeReason, FileStat } from '../../core/source-file.ts';
import { countChunks, countTerms } from '../../core/packing/packed-chunks.ts';
import { symbolKeys, unpackSymbols } from '../../text/packed-symbols.ts';
import { pathWords } from '../../text/path-words.ts';
import { requireRoom } from '../disk/free-space.ts';
import type { SqliteDatabase } from '../sqlite.ts';
import { fileRecord, type FileRow, formatReasons, parseReasons, selectFiles, signed } from './file-row.ts';
import { Journal } from './journal.ts';
import { atOrBelow, rangeOf } from './path-range.ts';
import { alarmPrefix } from './schema.ts';

/** Bytes on the disk for each byte of source: index, journal and log, and the table twice while it is tidied up. */
const bytesWhileIndexing = 2.2;
/** Bytes on the disk for each byte recorded: in the log, in the journal and in the chunk store. */
const bytesOnTheWay = 3;

type KnownFile = Pick<FileRecord, 'file' | 'path' | 'generation'>;

/** The write side of a catalogue. Each method is one transaction, on the disk when it returns. */
export class SqliteCatalogueWriter implements CatalogueWriter {
  readonly #database: SqliteDatabase;
  readonly #journal: Journal;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#journal = new Journal(database);
  }

  /** Keeps a value among the catalogue's own notes. */
  setNote(key: string, value: string): void {
    this.#database.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', key, value);
  }

  files(under = ''): ReadonlyMap<string, FileRecord> {
    return under === '' ? this.#files('') : this.#files(`WHERE ${atOrBelow}`, ...rangeOf(under));
  }

  filesAfter(path: string, limit: number): ReadonlyMap<string, FileRecord> {
    return this.#files('WHERE path > ? ORDER BY path LIMIT ?', path, limit);
  }

  atomically<T>(action: () => T): T {
    return this.#database.transaction(action);
  }

  setIdentity(identity: IndexIdentity): void {
    this.setNote('identity', JSON.stringify(identity));
  }

  beginRun(startedAt: string): void {
    this.setNote('startedAt', startedAt);
  }

  completeRun(completedAt: string): void {
    this.setNote('completedAt', completedAt);
  }

  setAlarm(name: string, message: string | null): void {
    const key = `${alarmPrefix}${name}`;
    if (message === null) this.#database.run('DELETE FROM meta WHERE key = ?', key);
    else this.setNote(key, message);
  }

  shrink(): void {
    this.#database.shrink();
  }

  requireRoom(sourceBytes: number): void {
    requireRoom(dirname(this.#database.path), sourceBytes * bytesWhileIndexing, 'index what is new');
  }

  record(files: readonly IndexedFile[]): void {
    const bytes = files.reduce((sum, { chunks, symbols }) => sum + chunks.length + symbols.content.length, 0);
    requireRoom(dirname(this.#database.path), bytes * bytesOnTheWay, 'record changed files');
    this.#database.transaction(() => {
      for (const file of files) this.#record(file);
    });
  }

  touch(path: string, { bytes, mtimeNs, inode }: FileStat): void {
    const update = 'UPDATE file SET bytes = ?, mtime_ns = ?, inode = ? WHERE path = ?';
    // Called for thousands of files in a row; one that a power cut loses is only hashed once more.
    this.#database.unsynced(() => this.#database.run(update, bytes, signed(mtimeNs), signed(inode), path));
  }

  remove(paths: readonly string[]): void {
    this.#database.transaction(() => {
      for (const path of paths) this.#remove(this.#known('path', path));
    });
  }

  degrade(files: readonly number[], reason: DegradeReason): void {
    this.#database.transaction(() => {
      for (const file of files) {
        const row = this.#database.get<{ degraded: string }>('SELECT degraded FROM file WHERE file = ?', file);
        if (row === undefined) continue;
        const degraded = formatReasons([...parseReasons(row.degraded), reason]);
        this.#database.run('UPDATE file SET degraded = ? WHERE file = ?', degraded, file);
      }
    });
  }

  forget(files: readonly number[]): void {
    this.#database.transaction(() => {
      for (const file of files) this.#remove(this.#known('file', file));
    });
  }

  setSkipped(files: readonly SkippedFile[], under: readonly string[] = ['']): void {
    this.#database.transaction(() => {
      for (const path of under) this.#database.run(`DELETE FROM skipped WHERE ${atOrBelow}`, ...rangeOf(path));
      for (const { path, reason, detail } of files) {
        this.#database.run('INSERT OR REPLACE INTO skipped VALUES (?, ?, ?)', path, reason, detail);
      }
    });
  }

  nextBatch(maxRecords: number): PendingBatch | null {
    return this.#journal.next(maxRecords);
  }

  stored(batch: PendingBatch): void {
    this.#journal.dropThrough(batch.through);
  }

  backlog(): { readonly files: number; readonly chunks: number } {
    return this.#journal.size();
  }

  pendingFiles(): ReadonlySet<number> {
    return this.#journal.files();
  }

  quarantine(hash: string): void {
    this.#database.run('INSERT OR IGNORE INTO quarantine VALUES (?)', Buffer.from(hash, 'hex'));
  }

  quarantined(): ReadonlySet<string> {
    const rows = this.#database.all<{ hash: Uint8Array }>('SELECT hash FROM quarantine');
    return new Set(rows.map(({ hash }) => Buffer.from(hash).toString('hex')));
  }

  #files(clause: string, ...values: readonly (string | number)[]): ReadonlyMap<string, FileRecord> {
    const rows = this.#database.all<FileRow>(`${selectFiles} ${clause}`, ...values);
    return new Map(rows.map((row) => [row.path, fileRecord(row)]));
  }

  #record(indexed: IndexedFile): void {
    const known = this.#known('path', indexed.path);
    const generation = (known?.generation ?? 0) + 1;
    const file = known?.file ?? this.#addPath(indexed.path);
    if (known) this.#dropSymbols(file);
    this.#setContent({ file, generation, indexed });
    this.#addSymbols(file, indexed.symbols);
    this.#journal.add({ file, generation, removes: known !== undefined, chunks: indexed.chunks });
  }

  #remove(known: KnownFile | undefined): void {
    if (known === undefined) return;
    const { file, path, generation } = known;
    this.#dropSymbols(file);
    this.#database.run('DELETE FROM file WHERE file = ?', file);
    for (const word of pathWords(path)) {
      this.#database.run('UPDATE path_word SET files = files - 1 WHERE word = ?', word);
      this.#database.run('DELETE FROM path_word WHERE word = ? AND files <= 0', word);
    }
    this.#journal.remove(file, generation);
  }

  #known(column: 'path' | 'file', value: string | number): KnownFile | undefined {
    return this.#database.get<KnownFile>(`SELECT file, path, generation FROM file WHERE ${column} = ?`, value);
  }

  #addPath(path: string): number {
    const row = `INSERT INTO file (path, hash, bytes, mtime_ns, inode, language, encoding, chunker_version, generation,
      first_chunk, chunks, terms, lines, degraded, symbols) VALUES (?, x'', 0, 0, 0, '', '', '', 0, 0, 0, 0, 0, '', 0)`;
    const { rowId } = this.#database.run(row, path);
    for (const word of pathWords(path)) {
      const count = 'INSERT INTO path_word VALUES (?, 1) ON CONFLICT (word) DO UPDATE SET files = files + 1';
      this.#database.run(count, word);
    }
    return rowId;
  }

  #setContent({ file, generation, indexed }: { file: number; generation: number; indexed: IndexedFile }): void {
    const { stat } = indexed;
    const chunks = countChunks(indexed.chunks);
    this.#database.run(
      `UPDATE file SET hash = ?, bytes = ?, mtime_ns = ?, inode = ?, language = ?, encoding = ?, chunker_version = ?,
        generation = ?, first_chunk = ?, chunks = ?, terms = ?, lines = ?, degraded = ?, symbols = ? WHERE file = ?`,
      Buffer.from(indexed.hash, 'hex'),
      stat.bytes,
      signed(stat.mtimeNs),
      signed(stat.inode),
      indexed.language,
      indexed.encoding,
      indexed.chunkerVersion,
      generation,
      this.#takeChunkIds(chunks),
      chunks,
      countTerms(indexed.chunks),
      indexed.lines,
      formatReasons(indexed.degraded),
      indexed.symbols.keys.length,
      file,
    );
  }

  /** First of so many ids in a row that were never given before. */
  #takeChunkIds(count: number): number {
    const row = this.#database.get<{ value: string }>("SELECT value FROM meta WHERE key = 'nextChunk'");
    const first = Number(row?.value ?? 1);
    this.setNote('nextChunk', String(first + count));
    return first;
  }

  #addSymbols(file: number, { keys, content }: PackedSymbols): void {
    if (keys.length === 0) return;
    this.#database.run('INSERT INTO symbols VALUES (?, ?)', file, content);
    // One statement for all: each call has a cost of its own.
    const rows = 'INSERT OR IGNORE INTO symbol_name SELECT value, ?, key FROM json_each(?)';
    this.#database.run(rows, file, `[${keys.join(',')}]`);
  }

  #dropSymbols(file: number): void {
    const row = this.#database.get<{ content: Uint8Array }>('SELECT content FROM symbols WHERE file = ?', file);
    if (row === undefined) return;
    for (const fold of new Set(symbolKeys(unpackSymbols(row.content)))) {
      this.#database.run('DELETE FROM symbol_name WHERE fold = ? AND file = ?', fold, file);
    }
    this.#database.run('DELETE FROM symbols WHERE file = ?', file);
  }
}

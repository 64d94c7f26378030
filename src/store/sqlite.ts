import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { ServiceError } from '../core/errors.ts';
import { createPrivately, fileState, openFile } from './sql/open-file.ts';
import { translated } from './sql/sqlite-error.ts';

/** How a database is opened. */
export interface SqliteOptions {
  readonly readOnly?: boolean;
  /**
   * How durable a commit is: `full` survives a power cut, `normal` may lose the last commits, `none` never waits for the
   * disk and may lose the whole file. A process may end at any time with all of them. Default `full`.
   */
  readonly durability?: 'full' | 'normal' | 'none';
  /** What to do when the file is damaged, as a sentence. */
  readonly ifDamaged: string;
  /** How long to wait for another process's transaction, in milliseconds. Default 5,000. */
  readonly busyTimeoutMs?: number;
}

const synchronous = { full: 'FULL', normal: 'NORMAL', none: 'OFF' } as const;

/**
 * One connection to an SQLite file in WAL mode, with its prepared statements; errors are translated here.
 *
 * The file is never opened by other means while a connection exists: closing any descriptor of a file drops all POSIX
 * locks that the process holds on it, and SQLite's are among them.
 */
export class SqliteDatabase {
  readonly path: string;
  readonly #ifDamaged: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #inTransaction = false;
  /** What the file was like when it was opened as it lies there, without its log; null when it was opened as usual. */
  readonly #still: string | null;

  /** Opens the file, creating it with mode 0600 unless `readOnly`. Errors: `store_failed`, `index_incompatible`. */
  constructor(path: string, options: SqliteOptions) {
    this.path = path;
    this.#ifDamaged = options.ifDamaged;
    const { readOnly = false, busyTimeoutMs: timeout = 5000, durability = 'full' } = options;
    const { database, still } = this.#translated(() => {
      if (!readOnly) createPrivately(path);
      return openFile(path, { readOnly, timeout });
    });
    this.#database = database;
    this.#still = still;
    if (readOnly) return;
    try {
      // The vacuum mode must be set before the first table.
      this.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL');
      this.exec(`PRAGMA synchronous = ${synchronous[durability]}`);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** True when what is read here is no longer what the file holds: it was opened as it lay there and has been written since. */
  get isOutdated(): boolean {
    return this.#still !== null && fileState(this.path) !== this.#still;
  }

  /** Runs statements that take no parameters. */
  exec(sql: string): void {
    this.#translated(() => this.#database.exec(sql));
  }

  /** Runs one statement; returns how many rows it changed and the last row number. */
  run(sql: string, ...values: readonly SQLInputValue[]): { readonly changes: number; readonly rowId: number } {
    return this.#translated(() => {
      const result = this.#statement(sql).run(...values);
      return { changes: Number(result.changes), rowId: Number(result.lastInsertRowid) };
    });
  }

  /** The first row, or undefined. The caller names the row's shape, which is that of its own SQL. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the SQL decides the shape, not an argument
  get<Row>(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#translated(() => this.#statement(sql).get(...values) as Row | undefined);
  }

  /** All rows. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the SQL decides the shape, not an argument
  all<Row>(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#translated(() => this.#statement(sql).all(...values) as Row[]);
  }

  /** Runs `action` in one write transaction; a throw rolls it back. Joins a transaction that is already open. */
  transaction<T>(action: () => T): T {
    if (this.#inTransaction) return action();
    this.exec('BEGIN IMMEDIATE');
    this.#inTransaction = true;
    try {
      const result = action();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk makes SQLite roll back by itself; a second rollback would hide the first error.
      if (this.#database.isTransaction) this.exec('ROLLBACK');
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  /** Runs `action` without waiting for the disk: what it commits is kept in order, but a power cut may lose it. */
  unsynced<T>(action: () => T): T {
    // A transaction that is open keeps its own promise.
    if (this.#inTransaction) return action();
    this.exec('PRAGMA synchronous = NORMAL');
    try {
      return action();
    } finally {
      this.exec('PRAGMA synchronous = FULL');
    }
  }

  /** Gives pages of deleted rows and the write-ahead log back to the file system. */
  shrink(): void {
    this.exec('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** Closes the connection; safe to call again. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const prepared = this.#database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  #translated<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw error instanceof ServiceError ? error : translated(error, this.path, this.#ifDamaged);
    }
  }
}

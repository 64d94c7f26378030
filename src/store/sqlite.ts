import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { ServiceError } from '../core/errors.ts';

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

/** Primary result codes of SQLite (https://sqlite.org/rescode.html) that tell a caller apart what to do. */
const resultCodes = { busy: 5, locked: 6, readOnly: 8, corrupt: 11, full: 13, notADatabase: 26 } as const;

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

  /** Opens the file, creating it with mode 0600 unless `readOnly`. Errors: `store_failed`, `index_incompatible`. */
  constructor(path: string, options: SqliteOptions) {
    this.path = path;
    this.#ifDamaged = options.ifDamaged;
    const readOnly = options.readOnly ?? false;
    this.#database = this.#translated(() => {
      if (!readOnly) createPrivately(path);
      return new DatabaseSync(path, { readOnly, timeout: options.busyTimeoutMs ?? 5000 });
    });
    try {
      // Reads the header, so that a damaged file shows here; the vacuum mode must be set before the first table.
      this.get('PRAGMA schema_version');
      if (!readOnly) {
        this.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL');
        this.exec(`PRAGMA synchronous = ${synchronous[options.durability ?? 'full']}`);
      }
    } catch (error) {
      this.#database.close();
      throw error;
    }
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
      throw error instanceof ServiceError ? error : this.#translate(error);
    }
  }

  #translate(error: unknown): ServiceError {
    const message = error instanceof Error ? error.message : String(error);
    switch (primaryCode(error)) {
      case resultCodes.corrupt:
      case resultCodes.notADatabase:
        return new ServiceError('index_incompatible', `${this.path} is damaged. ${this.#ifDamaged}`, { cause: error });
      case resultCodes.busy:
      case resultCodes.locked:
        return new ServiceError('index_busy', `${this.path} is in use by another process. Try again in a moment.`, {
          cause: error,
        });
      case resultCodes.full:
        return new ServiceError(
          'store_failed',
          `The disk that holds ${this.path} is full. Free some space and try again.`,
          {
            cause: error,
          },
        );
      case resultCodes.readOnly:
        return new ServiceError(
          'store_failed',
          `${this.path} cannot be written. Check the permissions of its folder.`,
          {
            cause: error,
          },
        );
      case undefined:
      default:
        return new ServiceError('store_failed', `${this.path} could not be used: ${message}.`, { cause: error });
    }
  }
}

/** True when the error says that the file is damaged or no database at all. */
export function isDamaged(error: unknown): boolean {
  const code = primaryCode(error instanceof ServiceError ? error.cause : error);
  return code === resultCodes.corrupt || code === resultCodes.notADatabase;
}

/** SQLite's primary result code: the low byte of the extended one. */
function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

/**
 * Makes an empty database that only its owner can read, where there is none; SQLite gives its side files the same mode.
 * A file that exists is not touched, see `SqliteDatabase` for why.
 */
export function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

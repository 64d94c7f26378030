import { renameSync, rmSync } from 'node:fs';
import { isDamaged } from '../sql/sqlite-error.ts';
import { SqliteDatabase, type SqliteOptions } from '../sqlite.ts';

/** What a cache's database works with. */
export interface CacheDatabaseOptions {
  /** The cache's file; made when missing. */
  readonly path: string;
  /** Makes the tables where they are missing. */
  readonly schema: string;
  /** What problems are told about, such as `The embedding cache`. */
  readonly name: string;
  /** Told, as a sentence, when the cache could not be used; the work goes on without it. */
  readonly report: (problem: string) => void;
  readonly durability: NonNullable<SqliteOptions['durability']>;
  /** How long to wait for another process's transaction, in milliseconds. */
  readonly busyTimeoutMs: number;
}

/**
 * An SQLite file that holds nothing but what can be made again: where it fails, the work goes on without it, and a
 * damaged one is set aside for a new one.
 */
export class CacheDatabase {
  readonly #options: CacheDatabaseOptions;
  #database: SqliteDatabase | null;

  constructor(options: CacheDatabaseOptions) {
    this.#options = options;
    this.#database = this.#open();
  }

  /** What `action` returns; null when the cache could not be used, which is reported. */
  attempt<T>(action: (database: SqliteDatabase) => T): T | null {
    if (this.#database === null) return null;
    try {
      return action(this.#database);
    } catch (error) {
      this.#report('was not used', error);
      if (isDamaged(error)) this.#startOver();
      return null;
    }
  }

  /** Closes the file; from then on every attempt is null. */
  close(): void {
    this.#database?.close();
    this.#database = null;
  }

  #startOver(): void {
    this.close();
    setAside(this.#options.path);
    this.#database = this.#open();
  }

  #open(): SqliteDatabase | null {
    const { path, schema, durability, busyTimeoutMs } = this.#options;
    for (const isRetry of [false, true]) {
      try {
        const database = new SqliteDatabase(path, { ifDamaged: 'It is set aside.', durability, busyTimeoutMs });
        database.exec(schema);
        return database;
      } catch (error) {
        this.#report('could not be opened', error);
        if (isRetry || !isDamaged(error)) return null;
        setAside(path);
      }
    }
    return null;
  }

  #report(what: string, error: unknown): void {
    const { name, report } = this.#options;
    report(`${name} ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Bytes of a database's pages that are in use. */
export function usedBytes(database: SqliteDatabase): number {
  const select =
    'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size';
  return database.get<{ bytes: number }>(select)?.bytes ?? 0;
}

/** Keeps a damaged file for whoever wants to look at it; its side files belong to it. */
function setAside(path: string): void {
  rmSync(`${path}-wal`, { force: true });
  rmSync(`${path}-shm`, { force: true });
  renameSync(path, `${path}.damaged`);
}

import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** SQLite's code for a lock that somebody else holds. */
const busyCode = 5;

/**
 * The right to append to a log, for one group of lines at a time, so that several processes can share a chain.
 *
 * It is SQLite's lock on an empty database: the kernel frees it when a process dies, so none is ever stale. The file must not
 * be opened by other means, as closing any descriptor of it would free the lock.
 */
export class GroupLock {
  readonly #path: string;
  #database: DatabaseSync | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** False when another process is writing. Throws what the file system says. */
  take(): boolean {
    this.#database ??= open(this.#path);
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      return true;
    } catch (error) {
      if (error instanceof Error && 'errcode' in error && error.errcode === busyCode) return false;
      this.close();
      throw error;
    }
  }

  give(): void {
    if (this.#database?.isTransaction === true) this.#database.exec('ROLLBACK');
  }

  close(): void {
    this.#database?.close();
    this.#database = null;
  }
}

function open(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const database = new DatabaseSync(path, { timeout: 0 });
  // Taking the lock must work on a full disk: with the usual journal it would write a file.
  database.exec('PRAGMA journal_mode = MEMORY');
  return database;
}

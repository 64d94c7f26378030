import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ServiceError } from '../core/errors.ts';
import { createPrivately } from './sql/open-file.ts';

/** The right to write an index, held until `release` or the end of the process, however it ends. */
export interface WriterLock {
  /** Gives the right back; safe to call again. */
  release(): void;
}

/**
 * Takes the one writer's place in an index folder, or fails at once with `index_busy` naming the process that has it.
 *
 * The lock is SQLite's own on a database without tables: the kernel frees it when the process dies or the machine stops, so
 * none can be stale and none has to be taken over. The lock file must not be opened by other means, as closing any
 * descriptor of it would free the lock; therefore the holder's name lies in a file of its own.
 */
export function lockForWriting(folder: string): WriterLock {
  const database = beginExclusively(folder);
  const holder = join(folder, 'writer.json');
  nameHolder(holder);
  return {
    release: () => {
      if (!database.isOpen) return;
      rmSync(holder, { force: true });
      database.close();
    },
  };
}

/** Who is turned away sees it; the lock holds without, as on a full disk, where an index must still be deleted. */
function nameHolder(path: string): void {
  try {
    writeFileSync(`${path}.new`, JSON.stringify({ pid: process.pid, host: hostname() }), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    rmSync(`${path}.new`, { force: true });
  }
}

function beginExclusively(folder: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    const path = join(folder, 'writer.lock');
    createPrivately(path);
    database = new DatabaseSync(path, { timeout: 0 });
    // An empty file would be written to, which a full disk does not allow; an index must be deleted there all the same.
    const version = database.prepare('PRAGMA user_version').get();
    if (version?.['user_version'] === 0) database.exec('PRAGMA user_version = 1');
    database.exec('BEGIN IMMEDIATE');
    return database;
  } catch (cause) {
    database?.close();
    const busy = cause instanceof Error && 'errcode' in cause && cause.errcode === 5;
    if (busy)
      throw new ServiceError('index_busy', `${describeHolder(folder)} Wait until it has finished, or stop it.`, {
        cause,
      });
    const message = `${folder} could not be locked for writing. Check its permissions and the free space on its disk.`;
    throw new ServiceError('store_failed', message, { cause });
  }
}

function describeHolder(folder: string): string {
  try {
    const { pid, host } = JSON.parse(readFileSync(join(folder, 'writer.json'), 'utf8')) as {
      pid: number;
      host: string;
    };
    const where = host === hostname() ? '' : ` on ${host}`;
    return `Process ${pid}${where} is writing this index.`;
  } catch {
    // The holder has just begun or is just ending.
    return 'Another process is writing this index.';
  }
}

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ServiceError } from '../core/errors.ts';
import { isAlive, ownMark, type ProcessMark } from './live/process-mark.ts';
import { createPrivately } from './sql/open-file.ts';

/** What a writer does: ends by itself soon (`index`), or keeps the index current until it is stopped. */
export type WriterPurpose = 'index' | 'watch' | 'serve';

/** The process that writes an index. */
export interface IndexWriter extends ProcessMark {
  readonly purpose: WriterPurpose;
  /** The process that a person started and can stop: of a service the one that writes is a child. */
  readonly owner: number;
}

/** The right to write an index, held until `release` or the end of the process, however it ends. */
export interface WriterLock {
  /** Gives the right back; safe to call again. */
  release(): void;
}

const holderName = 'writer.json';

/**
 * Takes the one writer's place in an index folder, or fails at once with `index_busy` naming the process that has it.
 *
 * The lock is SQLite's own on a database without tables: the kernel frees it when the process dies or the machine stops, so
 * none can be stale and none has to be taken over. The lock file must not be opened by other means, as closing any
 * descriptor of it would free the lock; therefore the holder's name lies in a file of its own.
 */
export function lockForWriting(folder: string, purpose: WriterPurpose = 'index'): WriterLock {
  const database = beginExclusively(folder);
  const holder = join(folder, holderName);
  const owner = purpose === 'serve' ? process.ppid : process.pid;
  nameHolder(holder, { ...ownMark(), purpose, owner });
  return {
    release: () => {
      if (!database.isOpen) return;
      rmSync(holder, { force: true });
      database.close();
    },
  };
}

/** Who is turned away sees it; the lock holds without, as on a full disk, where an index must still be deleted. */
function nameHolder(path: string, writer: IndexWriter): void {
  try {
    writeFileSync(`${path}.new`, JSON.stringify(writer), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    rmSync(`${path}.new`, { force: true });
  }
}

/** The process that writes an index at the moment, null where none does or none can be seen from here. */
export function currentWriter(folder: string): IndexWriter | null {
  const writer = readHolder(folder);
  return writer !== null && isAlive(writer) ? writer : null;
}

/** `Process 123 (lorekeep watch) keeps this index current.` */
export function describeWriter({ owner, host, purpose }: IndexWriter): string {
  const where = host === hostname() ? '' : ` on ${host}`;
  const what = purpose === 'index' ? 'is writing this index' : 'keeps this index current';
  return `Process ${owner}${where} (lorekeep ${purpose}) ${what}.`;
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
    if (busy) throw new ServiceError('index_busy', busyMessage(folder), { cause });
    const message = `${folder} could not be locked for writing. Check its permissions and the free space on its disk.`;
    throw new ServiceError('store_failed', message, { cause });
  }
}

function busyMessage(folder: string): string {
  const writer = readHolder(folder);
  // The holder has just begun or is just ending.
  if (writer === null) return 'Another process is writing this index. Wait until it has finished, or stop it.';
  const advice = writer.purpose === 'index' ? 'Wait until it has finished, or stop it.' : 'Stop it first.';
  return `${describeWriter(writer)} ${advice}`;
}

function readHolder(folder: string): IndexWriter | null {
  try {
    return JSON.parse(readFileSync(join(folder, holderName), 'utf8')) as IndexWriter;
  } catch {
    return null;
  }
}

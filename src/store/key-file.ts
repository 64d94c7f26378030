import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ServiceError } from '../core/errors.ts';
import type { KeyRecord, KeyStore } from '../core/gateway/caller.ts';
import { createPrivately } from './sql/open-file.ts';

/** Where keys are kept. */
export interface KeyFileOptions {
  /** Absolute path; the file and its folder are made by the first key. */
  readonly path: string;
  /** Milliseconds. */
  readonly now: () => number;
  /** Names the file while it is written. */
  readonly newId: () => string;
}

/** How long a change by another process may go unseen, in milliseconds. */
const checkEveryMs = 250;
const lockTimeoutMs = 5_000;
const formatVersion = 1;

/**
 * Keys in one file of the data folder that only its owner can read. It holds digests, no keys. Written whole or not at all,
 * and flushed to the disk; a lock keeps the changes of several processes apart. Errors: `store_failed`, also for a
 * damaged file: it never counts as one without keys.
 */
export class KeyFile implements KeyStore {
  readonly #options: KeyFileOptions;
  #keys: readonly KeyRecord[] | null = null;
  #stamp = '';
  #checkedAt = 0;

  constructor(options: KeyFileOptions) {
    this.#options = options;
  }

  list(): readonly KeyRecord[] {
    const now = this.#options.now();
    if (this.#keys !== null && Math.abs(now - this.#checkedAt) < checkEveryMs) return this.#keys;
    this.#checkedAt = now;
    return this.#read();
  }

  add(record: KeyRecord): void {
    this.#change((keys) => {
      if (!keys.some(({ id }) => id === record.id)) return [...keys, record];
      throw new ServiceError('store_failed', `There is a key ${record.id} already. Make another one.`);
    });
  }

  remove(id: string): boolean {
    let isKnown = false;
    this.#change((keys) => {
      isKnown = keys.some((key) => key.id === id);
      return isKnown ? keys.filter((key) => key.id !== id) : keys;
    });
    return isKnown;
  }

  /** The keys on disk. The same array as before while the file is the same, so that readers can keep what they made of it. */
  #read(): readonly KeyRecord[] {
    const { path } = this.#options;
    // Looked at before it is read: a change in between shows at the next look.
    const stamp = stampOf(path);
    if (this.#keys !== null && stamp === this.#stamp) return this.#keys;
    this.#keys = null;
    const keys = stamp === '' ? [] : readKeys(path);
    this.#stamp = stamp;
    this.#keys = keys;
    return keys;
  }

  #change(change: (keys: readonly KeyRecord[]) => readonly KeyRecord[]): void {
    const { path, newId } = this.#options;
    translated(`changed: ${dirname(path)} cannot be made`, () =>
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 }),
    );
    withLock(`${path}.lock`, () => {
      const before = this.#read();
      const after = change(before);
      if (after === before) return;
      translated(`written to ${path}`, () => writeDurably(path, `${path}.${newId()}`, encode(after)));
      this.#read();
    });
  }
}

/** What tells one state of a file from another; '' where there is none. */
function stampOf(path: string): string {
  return translated(`read from ${path}`, () => {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
  });
}

function encode(keys: readonly KeyRecord[]): string {
  return `${JSON.stringify({ version: formatVersion, keys }, null, 2)}\n`;
}

function readKeys(path: string): readonly KeyRecord[] {
  const text = translated(`read from ${path}`, () => readFileSync(path, 'utf8'));
  const found = parse(text);
  if (found !== null) return found;
  const message =
    `The file of keys ${path} is damaged, so nobody is let in. Restore it from a backup, ` +
    'or delete it and make new keys with `lorekeep keys create`.';
  throw new ServiceError('store_failed', message);
}

function parse(text: string): readonly KeyRecord[] | null {
  try {
    const { version, keys } = JSON.parse(text) as { readonly version?: unknown; readonly keys?: unknown };
    return version === formatVersion && Array.isArray(keys) && keys.every(isKeyRecord) ? keys : null;
  } catch {
    return null;
  }
}

function isKeyRecord(value: unknown): value is KeyRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Record<string, unknown>;
  const { projects, isAdmin, expiresAt, hash } = record;
  return (
    ['id', 'name', 'createdAt'].every((field) => typeof record[field] === 'string') &&
    typeof hash === 'string' &&
    /^[0-9a-f]{64}$/.test(hash) &&
    typeof isAdmin === 'boolean' &&
    (projects === null || (Array.isArray(projects) && projects.every((name) => typeof name === 'string'))) &&
    (expiresAt === null || (typeof expiresAt === 'string' && !Number.isNaN(Date.parse(expiresAt))))
  );
}

function writeDurably(path: string, unfinished: string, text: string): void {
  try {
    writeFileSync(unfinished, text, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Runs a change alone. The lock is SQLite's on an empty database: the kernel frees it when a process dies. */
function withLock(path: string, action: () => void): void {
  const database = translated(`locked by ${path}`, () => {
    createPrivately(path);
    return new DatabaseSync(path, { timeout: lockTimeoutMs });
  });
  try {
    translated(`locked by ${path}`, () => database.exec('BEGIN IMMEDIATE'));
    action();
  } finally {
    database.close();
  }
}

function translated<T>(doing: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof ServiceError) throw cause;
    const message = `The keys could not be ${doing} (${(cause as Error).message}). Check permissions and free disk space.`;
    throw new ServiceError('store_failed', message, { cause });
  }
}

import { closeSync, openSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { primaryCode, resultCodes } from './sqlite-error.ts';

/** An open database file. */
interface OpenFile {
  readonly database: DatabaseSync;
  /** What the file was like when it was opened as it lies there, see `fileState`; null when it was opened as usual. */
  readonly still: string | null;
}

/** What opening a file in WAL mode ends with where nothing can be written beside it, a full disk included. */
const cannotShare: ReadonlySet<number | undefined> = new Set([
  resultCodes.readOnly,
  resultCodes.io,
  resultCodes.full,
  resultCodes.cannotOpen,
]);

/**
 * Opens a file and reads its header, so that a damaged one shows here. Readers and writers share a side file: where that
 * cannot be made, on a full disk or one that is never written, a reader takes the file as it lies there.
 */
export function openFile(path: string, options: { readonly readOnly: boolean; readonly timeout: number }): OpenFile {
  try {
    return { database: probed(new DatabaseSync(path, options)), still: null };
  } catch (error) {
    const still = fileState(path);
    if (!options.readOnly || !cannotShare.has(primaryCode(error)) || still === null) throw error;
    return { database: probed(new DatabaseSync(`${pathToFileURL(path).href}?immutable=1`, options)), still };
  }
}

/** Another text after each time that the file was written; null where there is none or a part of it lies in its log. */
export function fileState(path: string): string | null {
  const file = statSync(path, { throwIfNoEntry: false });
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  return file === undefined || (log?.size ?? 0) > 0 ? null : `${file.ino} ${file.size} ${file.mtimeMs}`;
}

function probed(database: DatabaseSync): DatabaseSync {
  try {
    database.prepare('PRAGMA schema_version').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
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

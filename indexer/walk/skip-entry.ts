import type { SkipReason } from '../../src/core/source-file.ts';
import { nameOfByteString } from './path-name.ts';
import type { SkippedEntry } from './walk-entry.ts';

/** A skipped entry for a path given as a byte string. */
export function skipped(path: string, reason: SkipReason, detail: string): SkippedEntry {
  return { kind: 'skipped', path: path === '' ? '.' : nameOfByteString(path), reason, detail };
}

/** What a file system error makes of a path: skipped as unreadable, or null where it has just gone. */
export function skippedByError(path: string, error: unknown): SkippedEntry | null {
  const code = errorCodeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  return skipped(path, 'unreadable', unreadableDetails.get(code) ?? `the file system answered ${code}`);
}

/** `ENOENT` and the like; the message of any other error. */
export function errorCodeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}

const unreadableDetails: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['ENAMETOOLONG', 'the path is longer than the system allows'],
  ['EIO', 'the disk reported an error'],
]);

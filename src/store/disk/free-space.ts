import { statfsSync } from 'node:fs';
import { ServiceError } from '../../core/errors.ts';

/** So much stays free, for what the index must still be able to write when it is stopped, and for other programs. */
const reservedBytes = 32_000_000;
/** With less than this, whatever fails to be written fails for that. */
const fullBytes = 1_000_000;

/** Bytes that this user may still write to the disk that holds a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** True when nothing more fits on the disk that holds a folder. */
export function isFull(folder: string): boolean {
  return freeBytes(folder) < fullBytes;
}

/**
 * Throws `store_failed` when a folder's disk has no room for so many bytes and what has to stay free. `doing` completes the
 * sentence "There is no room to …".
 */
export function requireRoom(folder: string, bytes: number, doing: string): void {
  const free = freeBytes(folder);
  const needed = bytes + reservedBytes;
  if (free >= needed) return;
  const message =
    `There is no room to ${doing}: that takes up to ${inMegabytes(needed)} on the disk that holds ${folder}, ` +
    `and ${inMegabytes(free)} are free. Free some space; the next run goes on from there.`;
  throw new ServiceError('store_failed', message);
}

function inMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}

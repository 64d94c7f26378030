import { lstat, lstatSync, realpathSync, type BigIntStats } from 'node:fs';
import { promisify } from 'node:util';
import { pathBytesOf } from '../../../indexer/walk/path-name.ts';
import type { FileStat } from '../../core/source-file.ts';

/** What the file system says of a file that is there; more than the catalogue keeps. */
export interface PresentStat extends FileStat {
  readonly ctimeNs: bigint;
  readonly device: bigint;
}

// The callback form: half the cost of `fs/promises` for calls this small.
const statLink = promisify(lstat);

/** What to hand to `node:fs` for a project-relative path. */
export function absoluteBytes(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), pathBytesOf(path)]);
}

/**
 * One look at a regular file, null where there is none. A link in its place is none; a folder above it may have become one: what
 * is read of the file takes `lookInside`.
 */
export async function look(absolute: Buffer): Promise<PresentStat | null> {
  try {
    return presentStat(await statLink(absolute, { bigint: true }));
  } catch {
    // Gone, or not to be reached: either way there is nothing to show.
    return null;
  }
}

/** As `look`, at once. A special file is one, too, so that who reads it can say what it is. */
export function lookHere(absolute: Buffer): PresentStat | null {
  try {
    return statOf(lstatSync(absolute, { bigint: true }));
  } catch {
    // As above.
    return null;
  }
}

/** As `look`, and null where the way to the file leads through a link: then it is another file, perhaps outside the project. */
export function lookInside(root: string, path: string): PresentStat | null {
  const bytes = pathBytesOf(path);
  const slash = bytes.lastIndexOf('/');
  try {
    const realRoot = realpathSync.native(root, 'buffer');
    if (slash >= 0) {
      const prefix = realRoot.toString('latin1') === '/' ? [realRoot] : [realRoot, Buffer.from('/')];
      const folder = Buffer.concat([...prefix, bytes.subarray(0, slash)]);
      if (!realpathSync.native(folder, 'buffer').equals(folder)) return null;
    }
    return presentStat(lstatSync(absoluteBytes(root, path), { bigint: true }));
  } catch {
    // As above.
    return null;
  }
}

function presentStat(stat: BigIntStats): PresentStat | null {
  return stat.isFile() ? statOf(stat) : null;
}

function statOf({ size, mtimeNs, ino, ctimeNs, dev }: BigIntStats): PresentStat {
  return { bytes: Number(size), mtimeNs, inode: ino, ctimeNs, device: dev };
}

/** Whether two stats are of the same content, as far as stats can tell. A time of 0 is one that the indexer did not trust. */
export function isSameStat(known: FileStat, now: FileStat): boolean {
  return known.mtimeNs !== 0n && isSameContent(known, now);
}

function isSameContent(one: FileStat, other: FileStat): boolean {
  return one.mtimeNs === other.mtimeNs && one.bytes === other.bytes && one.inode === other.inode;
}

/** The same for stats that were taken here, with all that they tell. */
export function isSamePresent(one: PresentStat, other: PresentStat): boolean {
  return isSameContent(one, other) && one.ctimeNs === other.ctimeNs && one.device === other.device;
}

/**
 * Clocks of file systems move in steps of up to 10 ms, so that a write right after another one may not show in a stat.
 */
const clockStepMs = 50;

/** Whether a change from now (milliseconds since 1970) on would show in the stat. */
export function isQuiet({ mtimeNs, ctimeNs }: PresentStat, nowMs: number): boolean {
  const changedMs = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
  return changedMs < nowMs - clockStepMs;
}

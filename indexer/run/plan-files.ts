import type { FileRecord } from '../../src/core/catalogue.ts';
import type { FileStat } from '../../src/core/source-file.ts';
import type { FileEntry } from '../walk/walk-entry.ts';
import type { PlannedFile } from '../parse/parse-job.ts';

export interface Plan {
  readonly toRead: readonly PlannedFile[];
  /** Files whose stat says that nothing changed. */
  readonly untouched: number;
  /** Paths in the index that are no longer there. */
  readonly gone: readonly string[];
}

export interface PlanOptions {
  /** Tells the present chunker version of a language. */
  readonly versionOf: (language: string) => string;
  /** Reads these files although nothing seems to have changed: somebody says otherwise. */
  readonly distrusts?: (path: string) => boolean;
}

/** Compares what lies on disk with what the catalogue knows. */
export function planFiles(
  entries: readonly FileEntry[],
  known: ReadonlyMap<string, FileRecord>,
  { versionOf, distrusts }: PlanOptions,
): Plan {
  const toRead: PlannedFile[] = [];
  const seen = new Set<string>();
  for (const { path, absolute, stat } of entries) {
    seen.add(path);
    const record = known.get(path);
    const isCurrent = record !== undefined && record.chunkerVersion === versionOf(record.language);
    if (isCurrent && sameStat(record.stat, stat) && distrusts?.(path) !== true) continue;
    const knownHash = isCurrent ? record.hash : null;
    toRead.push({ job: { path, absolute, knownHash, linesOnly: false }, bytes: stat.bytes });
  }
  const gone = [...known.keys()].filter((path) => !seen.has(path));
  return { toRead, untouched: entries.length - toRead.length, gone };
}

/** True when nothing tells that the file has changed. */
export function sameStat(left: FileStat | undefined, right: FileStat): boolean {
  return left?.bytes === right.bytes && left.mtimeNs === right.mtimeNs && left.inode === right.inode;
}

/** Clocks and file systems may disagree by as much. */
const clockMarginMs = 2000;

/**
 * The stat to remember of a file that was read in a run. A file changed about then may be changed again without its
 * stat telling (git calls this "racily clean"): its time is left out, so that the next run looks at its content.
 */
export function statToRecord(stat: FileStat, runStartedAt: Date): FileStat {
  const trusted = BigInt(runStartedAt.getTime() - clockMarginMs) * 1_000_000n;
  return stat.mtimeNs < trusted ? stat : { ...stat, mtimeNs: 0n };
}

/** Says how up to date the code behind an answer is. What is shown of a changed file is read from disk, so that it is never old. */
export interface Freshness {
  /** False when a file that was looked at differs from the index, files wait to be indexed, or an index is not complete. */
  readonly isCurrent: boolean;
  /** Project-relative paths of files behind what was found that have changed or gone since they were indexed. */
  readonly changed: readonly string[];
  /** ISO time of the last complete run over the projects, the oldest of them; null for none. */
  readonly indexedAt: string | null;
  /** Files known to have changed that cannot be found by what they hold now. */
  readonly pendingFiles: number;
  /** ISO time since when the oldest of them waits, or since when an unknown number may have changed; null where neither is known. */
  readonly pendingSince: string | null;
}

/** Freshness in a few words: `current`, or how many files wait and since when: `2 files pending since 2026-…`. */
export function describeFreshness({ isCurrent, indexedAt, pendingFiles, pendingSince }: Freshness): string {
  if (isCurrent) return 'current';
  if (pendingFiles === 0 && pendingSince === null) return indexedAt === null ? 'index not complete' : 'not current';
  const files = pendingFiles === 0 ? 'files' : pendingFiles === 1 ? '1 file' : `${pendingFiles} files`;
  return `${files} pending${pendingSince === null ? '' : ` since ${pendingSince}`}`;
}

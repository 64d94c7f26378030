/** How changes of a project's files are noticed: as they happen, or only by comparing all files from time to time. */
export type WatchMode = 'events' | 'reconcile_only';

/** What the process that keeps an index current says of itself. */
export interface LiveState {
  readonly pid: number;
  /** ISO time since when it does so. */
  readonly startedAt: string;
  readonly mode: WatchMode;
  /** Why changes are not noticed as they happen, null where they are. */
  readonly reason: string | null;
  /** Files known to have changed that cannot be searched as they are now. */
  readonly pendingFiles: number;
  /** ISO time since when the oldest of them waits, or since when an unknown number may have changed; null for neither. */
  readonly pendingSince: string | null;
  /** ISO time at which the last comparison of all files with the index began, null before the first. */
  readonly checkedAt: string | null;
  /** What fails at the moment, in a sentence that says what to do; null where nothing does. */
  readonly problem: string | null;
}

/** What a keeper knows when it decides when to compare all files with the index. All times are milliseconds of one clock. */
export interface CompareSituation {
  /** Since when an unknown number of files may have changed, and when that was last said; null for neither. */
  readonly doubt: { readonly since: number; readonly last: number } | null;
  /** The last comparison that succeeded, null before the first. */
  readonly checked: { readonly endedAt: number; readonly tookMs: number } | null;
  /** When the first comparison may begin. */
  readonly firstAt: number;
  /** Time between two comparisons. */
  readonly reconcileMs: number;
  /** Nothing is tried again before this time. */
  readonly retryAt: number;
}

/** A comparison waits until changes have come to rest for so long, but not longer than the second. */
const calmMs = { rest: 1_000, longest: 5_000 } as const;
/** Comparing takes at most one part in so many of the time, however large the project is. */
const leastPause = 20;

/** When all files are to be compared next, if nobody asks for it before. */
export function compareAt({ doubt, checked, firstAt, reconcileMs, retryAt }: CompareSituation): number {
  if (checked === null) return Math.max(firstAt, retryAt);
  const scheduled = checked.endedAt + Math.max(reconcileMs, checked.tookMs * leastPause);
  const doubted = doubt === null ? Infinity : Math.min(doubt.last + calmMs.rest, doubt.since + calmMs.longest);
  return Math.max(Math.min(scheduled, doubted), retryAt);
}

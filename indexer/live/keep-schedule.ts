/** What a keeper knows when it decides what to do next. All times are milliseconds of one clock. */
export interface KeepSituation {
  readonly now: number;
  /** True while files are known to have changed. */
  readonly hasPaths: boolean;
  /** True when somebody waits for a comparison of all files. */
  readonly isRequested: boolean;
  /** Since when an unknown number of files may have changed, and when that was last said; null for neither. */
  readonly doubt: { readonly since: number; readonly last: number } | null;
  /** The last comparison of all files that succeeded, null before the first. */
  readonly checked: { readonly endedAt: number; readonly tookMs: number } | null;
  /** When the first comparison may begin. */
  readonly firstAt: number;
  /** When the contents of all files should be compared, not only their times and sizes. */
  readonly hashAt: number;
  /** Time between two comparisons. */
  readonly reconcileMs: number;
  /** Nothing is tried again before this time. */
  readonly retryAt: number;
  /** True when changed files were looked at last: then a comparison that is due comes first, so that neither waits forever. */
  readonly afterRefresh: boolean;
}

export type KeepStep =
  | { readonly kind: 'refresh' }
  | { readonly kind: 'reconcile'; readonly byHash: boolean }
  | WaitStep;

interface WaitStep {
  readonly kind: 'wait';
  readonly until: number;
}

/** A comparison waits until changes have come to rest for so long, but not longer than the second. */
const calmMs = { rest: 1_000, longest: 5_000 } as const;
/** Comparing takes at most one part in so many of the time, however large the project is. */
const leastPause = 20;

/** What to do now, or until when there is nothing to do. */
export function nextStep(situation: KeepSituation): KeepStep {
  const { now, hasPaths, isRequested, doubt, checked, hashAt, retryAt } = situation;
  const reconcileAt = isRequested ? now : Math.max(reconcileDue(situation), retryAt);
  const refreshAt = hasPaths && checked !== null ? Math.max(now, retryAt) : Infinity;
  const isReconcileDue = reconcileAt <= now;
  if (isReconcileDue && (refreshAt > now || situation.afterRefresh)) {
    return { kind: 'reconcile', byHash: checked !== null && hashAt <= now && !isRequested && doubt === null };
  }
  if (refreshAt <= now) return { kind: 'refresh' };
  return { kind: 'wait', until: Math.min(reconcileAt, refreshAt) };
}

function reconcileDue({ doubt, checked, firstAt, reconcileMs }: KeepSituation): number {
  if (checked === null) return firstAt;
  const scheduled = checked.endedAt + Math.max(reconcileMs, checked.tookMs * leastPause);
  if (doubt === null) return scheduled;
  return Math.min(scheduled, doubt.last + calmMs.rest, doubt.since + calmMs.longest);
}

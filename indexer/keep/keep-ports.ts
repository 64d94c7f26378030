import type { LiveState, WatchMode } from '../../src/core/live.ts';
import type { IndexReport } from '../run/index-report.ts';
import type { WatchListener } from '../watch/watch-listener.ts';
import type { TidyDue } from '../live/live-index.ts';
import type { RefreshReport } from '../live/refresh-report.ts';

/** An index that can be brought up to date, as a whole or for some files. A refresh waits for nothing but other refreshes. */
export interface KeptIndex {
  /** Compares all files with the index, and records what differs. */
  reconcile(request: { readonly byHash?: boolean; readonly signal?: AbortSignal }): Promise<IndexReport>;
  /** Records files, by project-relative paths, as they are on disk now. */
  refresh(paths: readonly string[], signal?: AbortSignal): Promise<RefreshReport>;
  /** Brings what is recorded to the store. */
  tidy(signal?: AbortSignal): Promise<void>;
  /** Whether there is something to tidy. */
  readonly due: TidyDue;
}

/** Time and timers, in milliseconds since 1970. */
export interface KeepClock {
  now(): number;
  /** Runs an action at a time; returns what cancels it. */
  at(time: number, action: () => void): () => void;
}

/** Told of what a keeper does. None of these may throw. */
export interface KeepListener {
  /** What it says of itself has changed. */
  onState(state: LiveState): void;
  /** All files were compared with the index. */
  onReconciled(report: IndexReport): void;
  /** Files that may have changed are recorded as they are now. */
  onRefreshed(report: RefreshReport, paths: readonly string[]): void;
}

/** What one project is kept current with. */
export interface KeepParts {
  readonly index: KeptIndex;
  /** Begins to watch the project's files. */
  watch(listener: WatchListener): Promise<{ close(): Promise<void> }>;
  readonly clock: KeepClock;
  readonly listener: KeepListener;
  /** Of this process, for the state that it tells. */
  readonly pid: number;
  /** Milliseconds from one comparison of all files to the next. */
  readonly reconcileMs: number;
  /** Runs the first comparison in its turn, where several projects may need a long one at the same time. */
  readonly inTurn?: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** How changes are noticed, and why not at once. */
export interface NoticingMode {
  readonly mode: WatchMode;
  readonly reason: string | null;
}

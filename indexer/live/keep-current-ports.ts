import type { LiveState, WatchMode } from '../../src/core/live.ts';
import type { IndexReport } from '../run/index-report.ts';

/** An index that can be brought up to date, as a whole or for some files. Operations are run one after the other. */
export interface KeptIndex<Refreshed extends RefreshOutcome> {
  /** Compares all files with the index, and records what differs. */
  reconcile(request: { readonly byHash?: boolean; readonly signal?: AbortSignal }): Promise<IndexReport>;
  /** Records files, by project-relative paths, as they are on disk now. */
  refresh(paths: readonly string[], signal?: AbortSignal): Promise<Refreshed>;
  /** Brings what is recorded to the store, which is never in the way of a refresh. */
  tidy(signal?: AbortSignal): Promise<void>;
}

/** What a keeper must know of a refresh. */
export interface RefreshOutcome {
  /** Chunks that are recorded and not yet in the store. */
  readonly pendingChunks: number;
}

/** What a watcher tells. */
export interface KeptWatchListener {
  /** Files may have changed, by project-relative paths. */
  onPaths(paths: readonly string[]): void;
  /** An unknown number of files may have changed. */
  onDoubt(doubt: string): void;
  onMode(mode: WatchMode, reason: string | null): void;
}

/** Time and timers, in milliseconds since 1970. */
export interface KeepClock {
  now(): number;
  /** Runs an action later, at an absolute time; returns what cancels it. */
  at(time: number, action: () => void): () => void;
}

/** Told of what a keeper does. None of these may throw. */
export interface KeepListener<Refreshed> {
  /** What it says of itself has changed. */
  onState(state: LiveState): void;
  /** All files were compared with the index. */
  onReconciled(report: IndexReport): void;
  /** Files that had changed are recorded. */
  onRefreshed(report: Refreshed, paths: readonly string[]): void;
}

/** What one project is kept current with. */
export interface KeepParts<Refreshed extends RefreshOutcome> {
  readonly index: KeptIndex<Refreshed>;
  /** Begins to watch the project's files. */
  watch(listener: KeptWatchListener): Promise<{ close(): Promise<void> }>;
  readonly clock: KeepClock;
  readonly listener: KeepListener<Refreshed>;
  /** Of this process, for the state that it tells. */
  readonly pid: number;
  /** Milliseconds from one comparison of all files to the next. */
  readonly reconcileMs: number;
  /** Runs the first comparison in its turn, where several projects may need a long one at the same time. */
  inTurn?<Result>(work: () => Promise<Result>): Promise<Result>;
}

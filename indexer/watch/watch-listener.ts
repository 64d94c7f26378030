import type { WatchMode } from '../../src/core/live.ts';

/**
 * Why an unknown number of files may have changed, so that all are to be compared:
 * - `flood`: so many events that some may have been lost
 * - `watcher_error`: watching stopped, or has just begun again after it had stopped
 * - `watch_limit`: the operating system grants no more watches, or has just granted them again
 * - `git`: a checkout, merge or step of a rebase has ended
 * - `wake`: the computer slept, or its clock was set
 * - `rules`: what belongs to the project may have changed
 */
export type Doubt = 'flood' | 'watcher_error' | 'watch_limit' | 'git' | 'wake' | 'rules';

/** What a watched project tells. All are hints: only what is on disk counts. None of these may throw. */
export interface WatchListener {
  /**
   * Files or folders that may have changed, with all that is below them: at most 2,000 project-relative paths, in the
   * form of path-name.ts. They may be gone, or not be part of the project.
   */
  onPaths(paths: readonly string[]): void;
  onDoubt(doubt: Doubt): void;
  /** Whether changes are told of as they happen. `reason`, where they are not: a sentence that says what to do. */
  onMode(mode: WatchMode, reason: string | null): void;
}

import type { LiveState } from '../../core/live.ts';

/** How a project that is kept current fares. */
export interface KeptState {
  /** `indexing` while all files are compared with the index, or made into one. `failed`: the index is behind its files, and why. */
  readonly state: 'ready' | 'indexing' | 'failed';
  /** 0 to 1 while indexing, null else. */
  readonly progress: number | null;
  /** What fails at the moment, null where nothing does. */
  readonly problem: string | null;
  /** Null while nobody keeps it current. */
  readonly live: LiveState | null;
}

/** How many files changed in which way. */
export interface ChangeCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** What is told of a project that is kept current. */
export type WatchEvent = { readonly project: string } & (
  | ({ readonly type: 'state' } & KeptState)
  /** All files were compared with the index, which holds so many. */
  | ({ readonly type: 'compared'; readonly files: number; readonly elapsedMs: number } & ChangeCounts)
  /** Files that had changed can be searched as they are now. */
  | ({ readonly type: 'changed'; readonly paths: readonly string[]; readonly elapsedMs: number } & ChangeCounts)
  /** What was recorded has been brought to the store; `isDone` when nothing is left to do there. */
  | { readonly type: 'tidied'; readonly elapsedMs: number; readonly isDone: boolean }
  /** Something to be read by whoever started it. */
  | { readonly type: 'notice'; readonly message: string }
);

/** What can be asked of a process that keeps projects current. */
export type WatchCommand =
  /** These files of a project may have changed, by project-relative paths. */
  | { readonly do: 'look'; readonly project: string; readonly paths: readonly string[] }
  /** Compares all files of a project with its index. */
  | { readonly do: 'compare'; readonly project: string };

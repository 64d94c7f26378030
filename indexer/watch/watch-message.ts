import type { Doubt } from './watch-listener.ts';

/** What a watching thread is told when it starts. */
export interface WatchSetup {
  /** Real path of the project. */
  readonly root: string;
  readonly globalExcludesFile?: string;
  readonly backend: WatchBackend;
}

/** `folders`: one watch for each folder, as inotify does. `chokidar`: whatever suits the operating system. */
export type WatchBackend = 'folders' | 'chokidar';

/** What a watching thread tells. */
export type WatchMessage =
  /** Every change from now on is told. */
  | { readonly kind: 'ready' }
  /** Paths that may have changed; the thread waits for `takenMessage` before it sends more. */
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  | { readonly kind: 'doubt'; readonly doubt: Doubt }
  /** It watches no more and waits to be ended. */
  | { readonly kind: 'failed'; readonly doubt: Doubt; readonly reason: string };

/** The answer to each `paths`. */
export const takenMessage = 'taken';

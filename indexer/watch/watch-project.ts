import { extname } from 'node:path';
import { createIgnoreMatcher } from '../walk/walk.ts';
import { type FileSystemKind, fileSystemKind } from './file-system-kind.ts';
import { type SleepClocks, SleepWatch, systemSleepClocks } from './sleep-watch.ts';
import type { WatchListener } from './watch-listener.ts';
import type { WatchBackend } from './watch-message.ts';
import { WatchKeeper } from './watch-keeper.ts';

/** What is to be watched. */
export interface WatchedProject {
  /** The project's folder. */
  readonly root: string;
  /** The user's own ignore file for all repositories. */
  readonly globalExcludesFile?: string;
}

/** How a project is watched. All have defaults. */
export interface WatchOptions {
  /** How folders are watched; by default what suits the operating system. */
  readonly backend?: WatchBackend;
  /** Milliseconds until watching is tried again after it failed for the first time; doubled each time, up to a minute. */
  readonly retryMs?: number;
  /** What is known of the file system that a folder lies on. */
  readonly fileSystem?: (folder: string) => Promise<FileSystemKind>;
  readonly sleepClocks?: SleepClocks;
  /** Milliseconds between two looks at the clocks. */
  readonly sleepLookMs?: number;
  /** Module of the watching thread, for tests. */
  readonly workerUrl?: URL;
}

/** A project that is watched until it is closed. It keeps the process alive. */
export interface ProjectWatch {
  /** Ends all watches; nothing is told any more. */
  close(): Promise<void>;
}

const defaultRetryMs = 1000;
const defaultSleepLookMs = 2000;

/** Source files run as they are during development, compiled ones from `dist`: the worker has this file's ending. */
const defaultWorkerUrl = new URL(`./thread/watch-worker${extname(import.meta.url)}`, import.meta.url);

/**
 * Watches a project's files in a thread of its own, so that the work of this one never makes it lose an event. Resolves
 * when every later change is told, or when it is known that none will be: `onMode` says which, before. What changed
 * before that is for the caller to find. Throws `source_unreadable` where the root is not a folder that can be read.
 */
export async function watchProject(
  project: WatchedProject,
  options: WatchOptions,
  listener: WatchListener,
): Promise<ProjectWatch> {
  const { root } = createIgnoreMatcher(project.root);
  const sleep = new SleepWatch(options.sleepClocks ?? systemSleepClocks);
  const sleepTimer = setInterval(() => {
    if (sleep.hasSlept()) listener.onDoubt('wake');
  }, options.sleepLookMs ?? defaultSleepLookMs);
  const kind = await (options.fileSystem ?? fileSystemKind)(root);
  if (!kind.reportsChanges) {
    listener.onMode('reconcile_only', unreportedReason(root, kind));
    return { close: () => Promise.resolve(clearInterval(sleepTimer)) };
  }
  const backend = options.backend ?? (process.platform === 'linux' ? 'folders' : 'chokidar');
  const keeper = new WatchKeeper({
    setup: { ...project, root, backend },
    workerUrl: options.workerUrl ?? defaultWorkerUrl,
    retryMs: options.retryMs ?? defaultRetryMs,
    listener,
  });
  await keeper.start();
  return {
    async close() {
      clearInterval(sleepTimer);
      await keeper.close();
    },
  };
}

function unreportedReason(root: string, { name }: FileSystemKind): string {
  return (
    `${root} lies on ${name}, which does not tell of all changes: they are found by comparing all files from time to ` +
    'time. Put the project on a local disk to have them noticed at once.'
  );
}

import { errorCodeOf } from '../walk/skip-entry.ts';
import type { Doubt } from './watch-listener.ts';

/** What a failure to watch means. */
export interface WatchFailure {
  readonly doubt: Doubt;
  /** A sentence that says what to do. */
  readonly reason: string;
}

/** Codes of what is not there, or what nobody may read. */
const outOfReach: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP']);

/** Whether an error says that a path is not there or must not be read: it is passed over, and others are watched. */
export function isOutOfReach(error: unknown): boolean {
  return outOfReach.has(errorCodeOf(error));
}

const until = 'Until then changes are found by comparing all files from time to time';

/** What an error of the operating system says about watching a project. */
export function watchFailureOf(root: string, error: unknown): WatchFailure {
  const code = errorCodeOf(error);
  if (code === 'ENOSPC') {
    const setting = 'fs.inotify.max_user_watches';
    return { doubt: 'watch_limit', reason: limitReason('watches no more folders for this user', setting, 1_048_576) };
  }
  if (code === 'EMFILE') {
    const setting = 'fs.inotify.max_user_instances';
    return { doubt: 'watch_limit', reason: limitReason('opens no more watchers for this user', setting, 1024) };
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return { doubt: 'watcher_error', reason: `${root} is not there any more: put it back, or stop watching it.` };
  }
  return {
    doubt: 'watcher_error',
    reason: `Watching ${root} failed (${code}) and is tried again by itself. ${until}.`,
  };
}

function limitReason(what: string, setting: string, value: number): string {
  return `The system ${what}: raise the limit with "sudo sysctl ${setting}=${value}". ${until}.`;
}

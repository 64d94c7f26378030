import { readFileSync } from 'node:fs';
import type { WatchLimits } from '../../verbs/doctor/disk-checks.ts';

/** What Linux lets a user watch; null where the system does not say. */
export function watchLimits(): WatchLimits | null {
  const watches = setting('max_user_watches');
  const instances = setting('max_user_instances');
  return watches === null || instances === null ? null : { watches, instances };
}

/** How many folders hold these files, and the folders that hold those. */
export function countFolders(paths: readonly { readonly path: string }[]): number {
  const folders = new Set(['']);
  for (const { path } of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (folders.has(path.slice(0, end))) break;
      folders.add(path.slice(0, end));
    }
  }
  return folders.size;
}

function setting(name: string): number | null {
  try {
    const value = Number(readFileSync(`/proc/sys/fs/inotify/${name}`, 'utf8'));
    return Number.isSafeInteger(value) ? value : null;
  } catch {
    return null;
  }
}

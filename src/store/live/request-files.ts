import { type FSWatcher, mkdirSync, readdirSync, rmSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Requests and answers that may lie in the folder at once. */
export const mostRequests = 100;
/** Whoever asked longer ago is gone: no request takes this long, and each is deleted by who made it. */
const oldestMs = 86_400_000;

/** The folder of an index in which other processes leave requests to its writer, and it its answers. */
export function requestsFolder(indexFolder: string): string {
  const folder = join(indexFolder, 'requests');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

export const askName = (id: string): string => `${id}.ask`;
export const answerName = (id: string): string => `${id}.done`;

/** Ids of the requests that wait for an answer, at most `mostRequests`; what was left behind long ago is deleted. */
export function waitingRequests(folder: string, now: number): readonly string[] {
  const ids: string[] = [];
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (now - changed > oldestMs) rmSync(path, { force: true });
    else if (/^[\da-f-]{36}\.ask$/.test(name)) ids.push(name.slice(0, -'.ask'.length));
  }
  return ids.slice(0, mostRequests);
}

/** Names of everything in the folder; none when it is gone. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Looks now, whenever something in the folder changes, and from time to time; returns what ends it. */
export function lookOften(folder: string, everyMs: number, look: () => void): () => void {
  let watcher: FSWatcher | null = null;
  try {
    watcher = watch(folder, { persistent: false }, look);
    watcher.on('error', () => watcher?.close());
  } catch {
    // No watcher is left on this machine, or the file system has none: then the looks from time to time must do.
  }
  const timer = setInterval(look, everyMs);
  timer.unref();
  look();
  return () => {
    watcher?.close();
    clearInterval(timer);
  };
}

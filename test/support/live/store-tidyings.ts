import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { currentNumber } from '../../../src/store/index-place.ts';
import type { IndexWatcher } from './index-watcher.ts';
import { monotonicMs } from './monotonic.ts';

/** A time in which what was recorded went to the store, by the monotonic clock. */
export interface Tidying {
  readonly from: number;
  readonly to: number;
  /** Whether the store's indexes were made anew, too. */
  readonly hasOptimized: boolean;
}

/** Collects what a watching process does to its store from now on. */
export function tidyings(watcher: IndexWatcher, indexFolder: string): readonly Tidying[] {
  const all: Tidying[] = [];
  const parts = join(indexFolder, String(currentNumber(indexFolder)), 'chunks', 'chunks.lance', '_indices');
  let before = names(parts);
  watcher.on((event) => {
    if (event.type !== 'tidied') return;
    const to = monotonicMs();
    const now = names(parts);
    all.push({ from: to - event.elapsedMs, to, hasOptimized: now.some((name) => !before.includes(name)) });
    before = now;
  });
  return all;
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

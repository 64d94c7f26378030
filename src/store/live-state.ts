import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LiveState } from '../core/live.ts';
import { isAlive, ownMark, type ProcessMark } from './live/process-mark.ts';

const fileName = 'live.json';
/** The file is not written more often than this. */
const leastIntervalMs = 200;

interface SavedState {
  readonly writer: ProcessMark;
  readonly state: LiveState;
}

/** Tells the readers of an index what its writer says of itself. */
export interface LiveStateFile {
  /** Soon to be read by others: of several states in quick succession the last. */
  write(state: LiveState): void;
  /** Takes the state back: nobody keeps the index current any more. */
  close(): void;
}

/** The state of this process in an index folder. It is a hint for others, so it is not flushed to the disk. */
export function openLiveState(folder: string): LiveStateFile {
  const path = join(folder, fileName);
  let waiting: LiveState | null = null;
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    timer = undefined;
    if (waiting === null) return;
    saveState(path, waiting);
    waiting = null;
    timer = setTimeout(save, leastIntervalMs);
    timer.unref();
  };
  return {
    write(state) {
      waiting = state;
      if (timer === undefined) save();
    },
    close() {
      clearTimeout(timer);
      waiting = null;
      rmSync(path, { force: true });
    },
  };
}

/** What the process that keeps an index current says of itself; null where none does. */
export function readLiveState(folder: string): LiveState | null {
  try {
    const { writer, state } = JSON.parse(readFileSync(join(folder, fileName), 'utf8')) as SavedState;
    return isAlive(writer) ? state : null;
  } catch {
    return null;
  }
}

function saveState(path: string, state: LiveState): void {
  const saved: SavedState = { writer: ownMark(), state };
  try {
    writeFileSync(`${path}.new`, JSON.stringify(saved), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch {
    // A full disk, most likely. No state is better than one that is no longer true.
    rmSync(path, { force: true });
  }
}

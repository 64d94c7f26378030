import { readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { WatchEvent } from '../../../src/verbs/watch/watch-events.ts';
import type { Random } from '../changes/random.ts';
import type { IndexReader } from './index-reader.ts';
import type { IndexWatcher } from './index-watcher.ts';
import { monotonicMs } from './monotonic.ts';

/** How a file is saved: as most editors do, or by writing over it. */
export type SaveWay = 'rename' | 'in_place';

export interface SaveRun {
  /** The project's folder, without any link on its way. */
  readonly root: string;
  /** Files to save, as `savablePaths` picks them. */
  readonly paths: readonly string[];
  readonly watcher: IndexWatcher;
  readonly reader: IndexReader;
  readonly random: Random;
  readonly way: SaveWay;
  readonly saves: number;
  readonly everyMs: number;
}

/** What became of one save. Times are milliseconds from the moment it was visible to others. */
export interface Save {
  readonly path: string;
  /** What it put there. */
  readonly word: string;
  readonly bytes: number;
  /** Of the monotonic clock. */
  readonly savedAt: number;
  /** When a search found it; null when none did for half a minute. */
  foundMs: number | null;
  /** What the search took that found it. */
  searchMs: number;
  /** When the watching process says that it noticed; null where it did not say. */
  noticedMs: number | null;
  /** When it said that the change can be searched. */
  recordedMs: number | null;
  /** What it says that looking, parsing and recording took. */
  refreshMs: number | null;
}

const patienceMs = 30_000;
const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');

/** Saves random files at a steady pace, each with a word that is nowhere else, while a reader looks for these words. */
export async function runSaves(run: SaveRun): Promise<readonly Save[]> {
  const underWay = new Map<string, Save & { readonly wallMs: number }>();
  const stop = run.watcher.on((event) => note(event, underWay));
  const done: Promise<Save>[] = [];
  const startedAt = monotonicMs();
  try {
    for (let count = 0; count < run.saves; count++) {
      await pause(Math.max(0, startedAt + count * run.everyMs - monotonicMs()));
      const free = run.paths.filter((path) => !underWay.has(path));
      const path = run.random.pick(free);
      const word = `zq${Array.from({ length: 14 }, () => run.random.pick(letters)).join('')}`;
      const save = saved(run, path, word);
      underWay.set(path, save);
      const found = run.reader.find(word, path, save.savedAt + patienceMs).then((sought) => {
        save.foundMs = sought.at === null ? null : sought.at - save.savedAt;
        save.searchMs = sought.searchMs;
        return save;
      });
      // What the watching process says of it may come a moment later.
      done.push(found.finally(() => setTimeout(() => underWay.delete(path), run.everyMs)));
    }
    return await Promise.all(done);
  } finally {
    stop();
  }
}

/** Puts a line with the word at a random place of a file; the one of an earlier save goes. */
function saved({ root, random, way }: SaveRun, path: string, word: string): Save & { readonly wallMs: number } {
  const absolute = join(root, path);
  const folder = dirname(absolute);
  if (realpathSync(folder) !== folder) throw new Error(`${folder} is behind a link`);
  const lines = readFileSync(absolute, 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('// zq'));
  lines.splice(random.below(lines.length), 0, `// ${word}`);
  const text = lines.join('\n');
  const beside = join(folder, `.${basename(path)}.${word.slice(0, 6)}`);
  if (way === 'rename') writeFileSync(beside, text);
  const wallMs = Date.now();
  const savedAt = monotonicMs();
  if (way === 'rename') renameSync(beside, absolute);
  else writeFileSync(absolute, text);
  const times = { foundMs: null, searchMs: 0, noticedMs: null, recordedMs: null, refreshMs: null };
  return { path, word, bytes: Buffer.byteLength(text), savedAt, wallMs, ...times };
}

function note(event: WatchEvent, underWay: ReadonlyMap<string, Save & { readonly wallMs: number }>): void {
  if (event.type === 'state' && event.live?.pendingSince) {
    const noticedAt = Date.parse(event.live.pendingSince);
    // One save at a time is under way where the machine keeps up; the oldest is the one that waits.
    for (const save of underWay.values()) {
      if (save.recordedMs === null && noticedAt >= save.wallMs) save.noticedMs ??= noticedAt - save.wallMs;
    }
  }
  if (event.type !== 'changed') return;
  for (const path of event.paths) {
    const save = underWay.get(path);
    if (save === undefined || save.recordedMs !== null) continue;
    save.recordedMs = monotonicMs() - save.savedAt;
    save.refreshMs = event.elapsedMs;
  }
}

import type { Save, SaveWay } from '../../support/live/run-saves.ts';
import type { Tidying } from '../../support/live/store-tidyings.ts';
import { percentile } from '../percentile.ts';

/** What the saves of one way took, all in milliseconds, as figures of a report. */
export function saveFigures(way: SaveWay, saves: readonly Save[], tidied: readonly Tidying[]): Record<string, unknown> {
  const found = saves.filter(({ foundMs }) => foundMs !== null);
  const slowest = found.toSorted(bySlowness)[0];
  const optimizing = tidied.filter(({ hasOptimized }) => hasOptimized);
  const figures = {
    saves: saves.length,
    missed: saves.length - found.length,
    missedFiles: saves.filter(({ foundMs }) => foundMs === null).map(described),
    ...spread(
      '',
      found.map(({ foundMs }) => foundMs),
    ),
    // Until the watching process knows of it: its watcher and the time that it waits for more.
    ...spread(
      'noticed',
      found.map(({ noticedMs }) => noticedMs),
    ),
    // Until it begins to look at the file, behind what it did before.
    ...spread('waited', found.map(waitedMs)),
    ...spread(
      'parsedAndRecorded',
      found.map(({ refreshMs }) => refreshMs),
    ),
    // From the moment it is recorded; the reader may be first to know.
    ...spread('read', found.map(readMs)),
    ...spread(
      'lastSearch',
      found.map(({ searchMs }) => searchMs),
    ),
    slowest: slowest === undefined ? 'none' : described(slowest),
    tidyings: tidied.length,
    longestTidyingMs: longest(tidied),
    slowestBesideTidyingMs: besideMs(found, tidied),
    optimizations: optimizing.length,
    longestOptimizationMs: longest(optimizing),
    slowestBesideOptimizationMs: besideMs(found, optimizing),
  };
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${way}.${name}`, value]));
}

function spread(name: string, values: readonly (number | null)[]): Record<string, string> {
  const known = values.filter((value) => value !== null);
  const [p50, p95, max] = [0.5, 0.95, 1].map((share) => percentile(known, share).toFixed(0));
  return { [`${name === '' ? 'found' : name}Ms`]: `p50 ${p50}, p95 ${p95}, max ${max}` };
}

function waitedMs({ noticedMs, recordedMs, refreshMs }: Save): number | null {
  if (noticedMs === null || recordedMs === null || refreshMs === null) return null;
  return Math.max(0, recordedMs - refreshMs - noticedMs);
}

function readMs({ foundMs, recordedMs }: Save): number | null {
  return foundMs === null || recordedMs === null ? null : Math.max(0, foundMs - recordedMs);
}

function bySlowness(left: Save, right: Save): number {
  return (right.foundMs ?? 0) - (left.foundMs ?? 0);
}

function described({ path, word, bytes, foundMs, noticedMs, recordedMs, refreshMs }: Save): string {
  const times = Object.entries({ foundMs, noticedMs, recordedMs, refreshMs });
  return `${path} (${bytes} bytes, ${word}): ${times.map(([name, ms]) => `${name} ${ms?.toFixed(0) ?? 'unknown'}`).join(', ')}`;
}

function longest(tidied: readonly Tidying[]): number {
  return Math.round(Math.max(0, ...tidied.map(({ from, to }) => to - from)));
}

/** The slowest of the saves that were under way while something went on; 0 for none. */
function besideMs(saves: readonly Save[], tidied: readonly Tidying[]): number {
  const beside = saves.filter(({ savedAt, foundMs }) =>
    tidied.some(({ from, to }) => savedAt < to && savedAt + (foundMs ?? 0) > from),
  );
  return Math.round(Math.max(0, ...beside.map(({ foundMs }) => foundMs ?? 0)));
}

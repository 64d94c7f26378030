import { dirname, join } from 'node:path';
import { indexBytes } from '../../../src/store/index-place.ts';
import { percentile } from '../percentile.ts';
import { runMeasured } from './measured-process.ts';

/** What another tool is measured with. */
export interface ToolTask {
  readonly project: string;
  /** Words to look for, a process each. */
  readonly words: readonly string[];
  /** Empty folder for what it writes. */
  readonly folder: string;
}

/** Indexes with `zoekt-index` and asks `zoekt`, which lies beside it. */
export async function measureZoekt(indexer: string, task: ToolTask): Promise<Record<string, number>> {
  const indexed = await runMeasured(indexer, ['-index', task.folder, task.project]);
  const zoekt = join(dirname(indexer), 'zoekt');
  const times = await askEach(task, (word) => runMeasured(zoekt, ['-index_dir', task.folder, word]));
  return {
    zoektIndexSeconds: indexed.seconds,
    zoektIndexPeakRssMegabytes: indexed.peakRssMegabytes,
    zoektDiskBytes: indexBytes(task.folder),
    zoektProcessP50Ms: percentile(times, 0.5),
    zoektProcessP95Ms: percentile(times, 0.95),
  };
}

/** Looks for words with ripgrep; null where it is not installed. */
export async function measureRipgrep(task: ToolTask): Promise<Record<string, number> | null> {
  const isThere = await runMeasured('rg', ['--version']).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  // It ends with 1 where it finds nothing.
  const find = (word: string) => runMeasured('rg', ['--fixed-strings', '--count', word, task.project], [0, 1]);
  const times = await askEach(task, find);
  return { ripgrepProcessP50Ms: percentile(times, 0.5), ripgrepProcessP95Ms: percentile(times, 0.95) };
}

async function askEach({ words }: ToolTask, ask: (word: string) => Promise<{ seconds: number }>): Promise<number[]> {
  const times: number[] = [];
  for (const word of words) times.push((await ask(word)).seconds * 1000);
  return times;
}

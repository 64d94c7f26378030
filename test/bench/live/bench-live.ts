import { mkdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openIndex } from '../../../src/store/index-folder.ts';
import { Random } from '../../support/changes/random.ts';
import { createSandbox, type Sandbox } from '../../support/cli-process.ts';
import { IndexReader } from '../../support/live/index-reader.ts';
import { IndexWatcher } from '../../support/live/index-watcher.ts';
import { rssMegabytes } from '../../support/live/process-figures.ts';
import { runSaves, type SaveWay } from '../../support/live/run-saves.ts';
import { savablePaths } from '../../support/live/savable-paths.ts';
import { tidyings } from '../../support/live/store-tidyings.ts';
import { TreeCopy } from './copy-tree.ts';
import { saveFigures } from './save-figures.ts';

export interface BenchLiveOptions {
  /** Holds real source; what is saved are copies. */
  readonly folder: string;
  /** How large the index is to be, about. */
  readonly chunks: number;
  readonly minutes: number;
  /** Milliseconds from one save to the next. */
  readonly everyMs: number;
  readonly seed: number;
}

/** Saves in place follow for a fifth of the time. */
const ways: readonly (readonly [SaveWay, number])[] = [
  ['rename', 1],
  ['in_place', 0.2],
];

/** From save to searchable: the command `lorekeep watch` keeps an index current while files are saved, and another process searches. */
export async function benchLive(options: BenchLiveOptions): Promise<Record<string, unknown>> {
  const sandbox = createSandbox();
  try {
    const random = new Random(options.seed);
    const root = join(realpathSync(sandbox.home), 'project');
    mkdirSync(root);
    const { chunks, indexFolder, paths } = await indexed(sandbox, root, options);
    await using watcher = await IndexWatcher.start(sandbox, root);
    await using reader = await IndexReader.open(indexFolder);
    const tidied = tidyings(watcher, indexFolder);
    const memory = (): Record<string, number> => ({
      writer: Math.round(rssMegabytes(watcher.pid)),
      reader: Math.round(rssMegabytes(reader.pid)),
    });
    const report: Record<string, unknown> = { seed: options.seed, chunks, files: paths.length, rssMegabytes: memory() };
    for (const [way, share] of ways) {
      const saves = Math.max(1, Math.round((options.minutes * 60_000 * share) / options.everyMs));
      const begin = tidied.length;
      const done = await runSaves({ ...options, root, paths, watcher, reader, random, way, saves });
      Object.assign(report, saveFigures(way, done, tidied.slice(begin)), { [`${way}.rssMegabytes`]: memory() });
    }
    return report;
  } finally {
    sandbox.remove();
  }
}

interface Indexed {
  readonly chunks: number;
  readonly indexFolder: string;
  /** Files that can be saved. */
  readonly paths: readonly string[];
}

/** Copies as much as makes about so many chunks, and indexes it: a part first, to learn how many bytes a chunk takes. */
async function indexed(sandbox: Sandbox, root: string, { folder, chunks, seed }: BenchLiveOptions): Promise<Indexed> {
  const tree = await TreeCopy.of(resolve(folder), root, new Random(seed));
  let bytesPerChunk = 500;
  for (;;) {
    tree.upTo(chunks * bytesPerChunk);
    const summary = await sandbox.json<{ chunks: number }>(root, 'index');
    if (summary.chunks < 0.97 * chunks && !tree.isComplete) {
      bytesPerChunk = tree.bytes / summary.chunks;
      continue;
    }
    const { indexFolder } = await sandbox.json<{ indexFolder: string }>(root, 'status');
    const index = openIndex(indexFolder);
    const paths = index.catalogue.paths().map(({ path }) => path);
    await index.close();
    return { chunks: summary.chunks, indexFolder, paths: savablePaths(paths) };
  }
}

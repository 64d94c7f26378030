import { realpathSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openIndex } from '../../src/store/index-folder.ts';
import { Random } from '../support/changes/random.ts';
import { createSandbox, type Sandbox } from '../support/cli-process.ts';
import { IndexReader } from '../support/live/index-reader.ts';
import { IndexWatcher } from '../support/live/index-watcher.ts';
import { monotonicMs } from '../support/live/monotonic.ts';
import { runSaves } from '../support/live/run-saves.ts';
import { savablePaths } from '../support/live/savable-paths.ts';

// The short form of `npm run bench -- live`: no time is asserted here.
describe('files that are saved one after the other while `lorekeep watch` runs', () => {
  let sandbox: Sandbox;
  beforeEach(() => (sandbox = createSandbox()));
  afterEach(() => sandbox.remove());

  test.each(['rename', 'in_place'] as const)('%s: each is found by a process that has the index open', async (way) => {
    const root = realpathSync(sandbox.copyProject('parcel-desk'));
    await using watcher = await IndexWatcher.start(sandbox, root);
    const { indexFolder } = await sandbox.json<{ indexFolder: string }>(root, 'status');
    await using reader = await IndexReader.open(indexFolder);
    const paths = await indexedPaths(indexFolder);
    const seed = Date.now() % 1_000_000;
    const random = new Random(seed);
    const tidied = watcher.until((event) => event.type === 'tidied' && event.isDone);
    const saves = await runSaves({ root, paths, watcher, reader, random, way, saves: 20, everyMs: 100 });
    expect(saves).toHaveLength(20);
    const missed = saves.filter(({ foundMs }) => foundMs === null).map(({ path, word }) => `${path} ${word}`);
    expect(missed, `seed ${seed}`).toEqual([]);
    // What is brought from the journal to the store stays found.
    await tidied;
    const { word, path } = saves.at(-1)!;
    expect((await reader.find(word, path, monotonicMs() + 30_000)).at).not.toBeNull();
  });
});

async function indexedPaths(indexFolder: string): Promise<readonly string[]> {
  const index = openIndex(indexFolder);
  const paths = index.catalogue.paths().map(({ path }) => path);
  await index.close();
  return savablePaths(paths);
}

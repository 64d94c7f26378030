import { join } from 'node:path';
import type { IndexReport } from '../../../indexer/run/index-report.ts';
import { createIgnoreMatcher } from '../../../indexer/walk/walk.ts';
import type { ChunkRecord } from '../../../src/core/vector-store.ts';
import { openIndex, openIndexForWriting, rebuildIndex } from '../../../src/store/index-folder.ts';
import { currentNumber, indexBytes } from '../../../src/store/index-place.ts';
import { LanceStore } from '../../../src/store/lance-store.ts';
import { indexProject, type IndexProjectParts } from '../../../src/verbs/index-project.ts';
import { HashEmbedder } from '../hash-embedder.ts';
import type { CrashWorld } from './crash-world.ts';

/** Brings a world's index up to date, as `lorekeep index` does. */
export function indexWorld(
  world: CrashWorld,
  embedder: HashEmbedder,
  opening: Partial<Pick<IndexProjectParts, 'open' | 'rebuild'>> = {},
): Promise<IndexReport> {
  const { root, indexFolder } = world;
  const parts = {
    project: { name: 'crash', root, indexFolder },
    matcher: createIgnoreMatcher(root),
    embedder,
    exists: currentNumber(indexFolder) !== null,
    open: opening.open ?? ((identity) => openIndexForWriting(indexFolder, identity)),
    rebuild: opening.rebuild ?? ((identity) => rebuildIndex(indexFolder, identity)),
  } satisfies IndexProjectParts;
  return indexProject(parts, { ...worldOptions(), rebuild: false });
}

/** How a world is indexed. */
export function worldOptions() {
  return { now: () => new Date(), threads: 1, chunkOptions: { targetChars: 60 } };
}

/** What tells the embedder of an index apart, `1` where there is no index yet. */
export async function embedderOf(indexFolder: string): Promise<string> {
  if (currentNumber(indexFolder) === null) return '1';
  const index = openIndex(indexFolder);
  const digest = index.catalogue.identity()?.embedder?.digest ?? '1';
  await index.close();
  return digest;
}

/** Everything of an index that is served, in order, without numbers that depend on its history. */
export async function servedRows(indexFolder: string): Promise<readonly object[]> {
  const index = openIndex(indexFolder);
  const generations = new Map((await index.store.inventory()).map(({ file, generation }) => [file, generation]));
  const records = await allRecords(indexFolder);
  const served = index.catalogue.generations([...generations.keys()]);
  await index.close();
  return records
    .filter(({ file, generation }) => served.get(file) === generation)
    .map(({ vector, ...rest }) => ({ ...rest, id: 0, file: 0, generation: 0, vector: [...(vector ?? [])] }))
    .toSorted((left, right) => compare(left.path, right.path) || left.startLine - right.startLine);
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

async function allRecords(indexFolder: string): Promise<readonly ChunkRecord[]> {
  return withTable(indexFolder, async (store) => {
    const hits = await store.searchVector(new Float32Array(new HashEmbedder().dimension).fill(1), { limit: 1_000_000 });
    return store.read(hits.map(({ id }) => id));
  });
}

/** Tidies an index's table up even where that is not due yet; returns the bytes on disk afterwards. */
export async function tidiedBytes(indexFolder: string): Promise<number> {
  await withTable(indexFolder, (store) => store.optimize());
  return indexBytes(join(indexFolder, String(currentNumber(indexFolder)), 'chunks'));
}

async function withTable<T>(indexFolder: string, action: (store: LanceStore) => Promise<T>): Promise<T> {
  const folder = join(indexFolder, String(currentNumber(indexFolder)), 'chunks');
  const { dimension } = new HashEmbedder();
  const store = new LanceStore({ folder, table: 'chunks', dimension, tolerableUnindexedRows: -1 });
  try {
    return await action(store);
  } finally {
    await store.close();
  }
}

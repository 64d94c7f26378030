import type { Catalogue } from '../../src/core/catalogue.ts';
import type { VectorStore } from '../../src/core/vector-store.ts';

/**
 * Compares the store with the catalogue, which an unclean stop may have parted. Call it while no batch is written. Files
 * whose chunks are not all there are forgotten, so that they are read anew; chunks that nobody serves are dropped. Files
 * that are pending are left alone: what the journal brings puts them right. Returns the number of files forgotten.
 */
export async function repairStore({ writer }: Catalogue, store: VectorStore): Promise<number> {
  const inventory = await store.inventory();
  // All that follows is of one moment: files may be recorded while the store is asked.
  const pending = writer.pendingFiles();
  const expected = new Map([...writer.files().values()].map((record) => [record.file, record]));
  const stored = new Map<number, number>();
  const stale = new Map<number, number>();
  for (const { file, generation, rows } of inventory) {
    const record = expected.get(file);
    if (record?.generation === generation) stored.set(file, rows);
    else if (!pending.has(file)) stale.set(file, Math.max(stale.get(file) ?? 0, record?.generation ?? generation + 1));
  }
  const broken = [...expected.values()].filter(
    ({ file, chunks }) => !pending.has(file) && (stored.get(file) ?? 0) !== chunks,
  );
  if (broken.length > 0) writer.forget(broken.map(({ file }) => file));
  if (stale.size > 0) {
    const removeBefore = [...stale].map(([file, generation]) => ({ file, generation }));
    await store.write({ records: [], removeBefore });
  }
  return broken.length;
}

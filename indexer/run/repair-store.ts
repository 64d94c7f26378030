import type { Catalogue } from '../../src/core/catalogue.ts';
import type { VectorStore } from '../../src/core/vector-store.ts';

/**
 * Compares the store with the catalogue, which an unclean stop may have parted. Call it when nothing is pending. Files
 * whose chunks are not all there are forgotten, so that they are read anew; chunks that nobody serves are dropped.
 * Returns the number of files forgotten.
 */
export async function repairStore(catalogue: Catalogue, store: VectorStore): Promise<number> {
  const expected = new Map([...catalogue.writer.files().values()].map((record) => [record.file, record]));
  const stored = new Map<number, number>();
  const stale = new Map<number, number>();
  for (const { file, generation, rows } of await store.inventory()) {
    const record = expected.get(file);
    if (record?.generation === generation) stored.set(file, rows);
    else stale.set(file, Math.max(stale.get(file) ?? 0, record?.generation ?? generation + 1));
  }
  if (stale.size > 0) {
    const removeBefore = [...stale].map(([file, generation]) => ({ file, generation }));
    await store.write({ records: [], removeBefore });
  }
  const broken = [...expected.values()].filter((record) => (stored.get(record.file) ?? 0) !== record.chunks);
  if (broken.length > 0) catalogue.writer.forget(broken.map((record) => record.file));
  return broken.length;
}

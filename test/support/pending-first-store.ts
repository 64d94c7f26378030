import type { ChunkRecord, StoreBatch, VectorStore } from '../../src/core/vector-store.ts';
import { OverlayStore } from '../../src/store/overlay/overlay-store.ts';
import { MemoryJournal } from './memory-journal.ts';

/**
 * An overlay that is written like any store: what concerns some files stays pending until the store is tidied up or counted,
 * the rest is written at once.
 */
export function pendingFirstStore(store: VectorStore, isPending: (file: number) => boolean): VectorStore {
  const journal = new MemoryJournal();
  const overlay = new OverlayStore({ store, catalogue: journal });

  async function write(batch: StoreBatch): Promise<void> {
    const newest = new Map<number, number>();
    for (const { file, generation } of [...batch.removeBefore, ...batch.records]) {
      if (isPending(file)) newest.set(file, Math.max(generation, newest.get(file) ?? 0));
    }
    const waits = ({ file, generation }: ChunkRecord): boolean => newest.get(file) === generation;
    journal.serve(batch);
    for (const [file, generation] of newest) {
      const records = batch.records.filter((record) => record.file === file && waits(record));
      journal.record({ file, generation, records, removes: batch.removeBefore.some((older) => older.file === file) });
    }
    await store.write({
      records: batch.records.filter((record) => !waits(record)),
      removeBefore: batch.removeBefore.filter(({ file }) => !newest.has(file)),
    });
  }

  async function bringAll(): Promise<void> {
    const { through, ...batch } = journal.batch();
    await store.write(batch);
    journal.stored(through);
  }

  return {
    write,
    optimize: async () => {
      await bringAll();
      await overlay.optimize();
    },
    inventory: async () => {
      await bringAll();
      return overlay.inventory();
    },
    searchText: (terms, options) => overlay.searchText(terms, options),
    searchVector: (vector, options) => overlay.searchVector(vector, options),
    read: (ids) => overlay.read(ids),
    contents: (ids) => overlay.contents(ids),
    outline: (ids) => overlay.outline(ids),
    close: () => overlay.close(),
  };
}

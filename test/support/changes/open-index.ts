import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from '../../../src/core/catalogue.ts';
import type { VectorStore } from '../../../src/core/vector-store.ts';
import { SqliteCatalogueReader } from '../../../src/store/catalogue/reader.ts';
import { createCatalogue } from '../../../src/store/catalogue/schema.ts';
import { SqliteCatalogueWriter } from '../../../src/store/catalogue/writer.ts';
import { createTable } from '../../../src/store/lance/table.ts';
import { LanceStore } from '../../../src/store/lance-store.ts';
import { MemoryStore } from '../../../src/store/memory-store.ts';

/** An empty index of a test. */
export interface TestIndex {
  readonly catalogue: Catalogue;
  readonly store: VectorStore;
  close(): Promise<void>;
}

/** A real catalogue, and a store in memory. */
export function memoryIndex(folder: string): TestIndex {
  return testIndex(folder, new MemoryStore());
}

/** A real catalogue and a real store, which optimizes whenever it is asked to. */
export async function lanceIndex(folder: string, dimension: number): Promise<TestIndex> {
  const place = { folder: join(folder, 'chunks'), table: 'chunks' };
  mkdirSync(place.folder, { recursive: true });
  await createTable(place, dimension);
  return testIndex(folder, new LanceStore({ ...place, dimension, tolerableUnindexedRows: -1 }));
}

function testIndex(folder: string, store: VectorStore): TestIndex {
  mkdirSync(folder, { recursive: true });
  const database = createCatalogue(join(folder, 'catalogue.sqlite'));
  return {
    catalogue: { reader: new SqliteCatalogueReader(database), writer: new SqliteCatalogueWriter(database) },
    store,
    close: async () => {
      await store.close();
      database.close();
    },
  };
}

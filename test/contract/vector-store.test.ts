import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createTable } from '../../src/store/lance/table.ts';
import { LanceStore } from '../../src/store/lance-store.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { vectorStoreContract } from './vector-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorekeep-store-'));
let tables = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

vectorStoreContract('MemoryStore', async () => new MemoryStore());
vectorStoreContract('LanceStore', async () => {
  const place = { folder, table: `chunks-${tables++}` };
  await createTable(place, 4);
  return new LanceStore({ ...place, dimension: 4, tolerableUnindexedRows: 0 });
});

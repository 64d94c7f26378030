import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createTable } from '../../src/store/lance/table.ts';
import { LanceStore } from '../../src/store/lance-store.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { pendingFirstStore } from '../support/pending-first-store.ts';
import { vectorStoreContract } from './vector-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorekeep-store-'));
let tables = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const openMemory = async () => new MemoryStore();
const openLance = async () => {
  const place = { folder, table: `chunks-${tables++}` };
  await createTable(place, 4);
  return new LanceStore({ ...place, dimension: 4, tolerableUnindexedRows: 0 });
};
const isOdd = (file: number) => file % 2 === 1;
const isEven = (file: number) => file % 2 === 0;

vectorStoreContract('MemoryStore', openMemory);
vectorStoreContract('LanceStore', openLance);
vectorStoreContract('OverlayStore with everything pending', async () =>
  pendingFirstStore(await openMemory(), () => true),
);
vectorStoreContract('OverlayStore over MemoryStore', async () => pendingFirstStore(await openMemory(), isOdd));
vectorStoreContract('OverlayStore over LanceStore', async () => pendingFirstStore(await openLance(), isOdd));
vectorStoreContract('OverlayStore over most of LanceStore', async () => pendingFirstStore(await openLance(), isEven));

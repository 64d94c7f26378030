import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openIndexForWriting, type WritableIndex } from '../../../src/store/index-folder.ts';
import { brokenFiles } from '../../../src/verbs/doctor/index-health.ts';
import { indexedFile } from '../../support/indexed-file.ts';

let folder: string;
let index: WritableIndex;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lorekeep-health-'));
  index = await openIndexForWriting(folder, null);
  index.writer.record([indexedFile('a.ts', ['one', 'two']), indexedFile('b.ts', ['three'])]);
});
afterEach(async () => {
  await index.close();
  rmSync(folder, { recursive: true });
});

async function bring(): Promise<void> {
  const batch = index.writer.nextBatch(100);
  await index.store.write(batch!);
  index.writer.stored(batch!);
}

test('files on their way and files in the store are whole', async () => {
  expect(await brokenFiles(index.catalogue, index.store)).toBe(0);
  await bring();
  expect(await brokenFiles(index.catalogue, index.store)).toBe(0);
  index.writer.record([indexedFile('a.ts', ['other'])]);
  expect(await brokenFiles(index.catalogue, index.store)).toBe(0);
});

test('a file with chunks missing is counted', async () => {
  await bring();
  const file = index.catalogue.file('a.ts')!.file;
  await index.store.write({ records: [], removeBefore: [{ file, generation: 100 }] });
  expect(await brokenFiles(index.catalogue, index.store)).toBe(1);
});

test('a file that changes while it is looked at is not', async () => {
  await bring();
  const { file } = index.catalogue.file('b.ts')!;
  await index.store.write({ records: [], removeBefore: [{ file, generation: 100 }] });
  const store = {
    ...index.store,
    inventory: async () => {
      const rows = await index.store.inventory();
      index.writer.record([indexedFile('b.ts', ['new'])]);
      return rows;
    },
  };
  expect(await brokenFiles(index.catalogue, store)).toBe(0);
});

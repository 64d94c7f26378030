import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openIndex, openIndexForWriting, type WritableIndex } from '../../../src/store/index-folder.ts';
import { ProjectRegistry } from '../../../src/store/project-registry.ts';
import { indexedFile } from '../../support/indexed-file.ts';
import { smallDisk, smallDiskLeftOut } from '../../support/small-disk.ts';

const disk = smallDisk(96);
if (disk === null) process.stdout.write(`${smallDiskLeftOut}\n`);
afterAll(() => disk?.remove());

describe.skipIf(disk === null)('on a full disk', () => {
  const { folder, fill, free } = disk ?? { folder: '', fill: () => {}, free: () => {} };
  let index = '';
  let count = 0;

  beforeEach(() => {
    free();
    index = join(folder, `index-${count++}`);
  });

  async function store({ writer, store: chunks }: WritableIndex): Promise<void> {
    const batch = writer.nextBatch(1000);
    if (batch === null) return;
    await chunks.write(batch);
    writer.stored(batch);
  }

  async function found(term: string): Promise<readonly string[]> {
    const reader = openIndex(index);
    try {
      return (await reader.store.searchText([{ term, weight: 1 }], { limit: 10 })).map(({ path }) => path);
    } finally {
      await reader.close();
    }
  }

  test('what is recorded is kept, nothing more is taken, and all goes on once there is room', async () => {
    const writable = await openIndexForWriting(index, null);
    writable.writer.record([indexedFile('a.ts', ['alpha'])]);
    await store(writable);
    writable.writer.record([indexedFile('b.ts', ['beta'])]);
    fill();
    const noRoom = { code: 'store_failed', message: expect.stringMatching(/There is no room to .* Free some space/) };
    expect(() => writable.writer.record([indexedFile('c.ts', ['gamma'])])).toThrow(expect.objectContaining(noRoom));
    expect(() => writable.writer.requireRoom(1)).toThrow(expect.objectContaining(noRoom));
    await expect(store(writable)).rejects.toMatchObject(noRoom);
    expect(await found('alpha')).toEqual(['a.ts']);
    free();
    await store(writable);
    writable.writer.record([indexedFile('c.ts', ['gamma'])]);
    await store(writable);
    await writable.close();
    expect(await Promise.all(['alpha', 'beta', 'gamma'].map(found))).toEqual([['a.ts'], ['b.ts'], ['c.ts']]);
  });

  test('tidying up is refused while it would not fit', async () => {
    const writable = await openIndexForWriting(index, null);
    for (let round = 0; round < 30; round++) {
      writable.writer.record([indexedFile('a.ts', [`alpha ${round}`])]);
      await store(writable);
    }
    fill();
    await expect(writable.store.optimize()).rejects.toMatchObject({
      message: expect.stringContaining('tidy up the index'),
    });
    free();
    await writable.store.optimize();
    await writable.close();
    expect(await found('29')).toEqual(['a.ts']);
  });

  test('an index that nobody has open is read as it lies there, and noticed to have changed', async () => {
    const writable = await openIndexForWriting(index, null);
    writable.writer.record([indexedFile('a.ts', ['alpha'])]);
    await store(writable);
    await writable.close();
    fill();
    const reader = openIndex(index);
    expect(reader.catalogue.file('a.ts')).toMatchObject({ chunks: 1 });
    expect(await found('alpha')).toEqual(['a.ts']);
    expect(reader.isCurrent()).toBe(true);
    free();
    const later = await openIndexForWriting(index, null);
    later.writer.record([indexedFile('b.ts', ['beta'])]);
    expect(reader.isCurrent()).toBe(false);
    await later.close();
    expect(reader.isCurrent()).toBe(false);
    await reader.close();
  });

  test('projects are found, and one can be removed to make room', async () => {
    const dataFolder = join(folder, 'data');
    let ids = 0;
    const open = () => new ProjectRegistry({ dataFolder, newId: () => `id-${ids++}` });
    const first = open();
    const { indexFolder, name } = first.register(import.meta.dirname);
    first.close();
    await (await openIndexForWriting(indexFolder, null)).close();
    fill();
    const registry = open();
    expect(registry.containing(join(import.meta.dirname, '..'))).toBeNull();
    expect(registry.containing(import.meta.dirname)).toMatchObject({ name });
    expect(() => registry.register(folder)).toThrow(/is full\. Free some space/);
    await registry.remove(name);
    expect(registry.list()).toEqual([]);
    registry.close();
  });
});

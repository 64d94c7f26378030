import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openIndex, openIndexForWriting, type WritableIndex } from '../../../src/store/index-folder.ts';
import { lockForWriting } from '../../../src/store/writer-lock.ts';
import { indexedFile } from '../../support/indexed-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorekeep-durable-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const chunks = () => join(folder, '1', 'chunks');
const manifests = () =>
  readdirSync(join(chunks(), 'chunks.lance', '_versions'))
    .filter((name) => name.endsWith('.manifest'))
    .toSorted();

interface Note {
  readonly version: number;
  readonly boot: string;
}

/** Lets the machine have stopped after a version was made, and before the newest was on the disk. */
function stopAfter(versions: number): void {
  const path = join(chunks(), 'durable.json');
  const note = JSON.parse(readFileSync(path, 'utf8')) as Note;
  writeFileSync(path, JSON.stringify({ version: note.version - versions, boot: 'the one before' } satisfies Note));
}

async function add(path: string, line: string, index: WritableIndex): Promise<void> {
  index.writer.record([indexedFile(path, [line])]);
  const batch = index.writer.nextBatch(100);
  if (batch) await index.store.write(batch);
}

async function rows(): Promise<number> {
  const index = openIndex(folder);
  try {
    return (await index.store.inventory()).reduce((sum, entry) => sum + entry.rows, 0);
  } finally {
    await index.close();
  }
}

describe('after a stop of the machine', () => {
  beforeEach(async () => {
    const index = await openIndexForWriting(folder, null);
    await add('a.ts', 'alpha', index);
    await add('b.ts', 'beta', index);
    await index.close();
  });

  test('a reader sees the last version that was on the disk, even where the newest is damaged', async () => {
    const [newest] = manifests();
    writeFileSync(join(chunks(), 'chunks.lance', '_versions', newest!), '');
    stopAfter(1);
    expect(await rows()).toBeLessThan(3);
    expect(manifests()).not.toContain(newest);
  });

  test('a writer takes the newest version back, and the journal brings it again', async () => {
    const before = manifests();
    stopAfter(1);
    const index = await openIndexForWriting(folder, null);
    expect(manifests()).toEqual(before.slice(1));
    const batch = index.writer.nextBatch(100);
    await index.store.write(batch!);
    index.writer.stored(batch!);
    await index.close();
    expect(await rows()).toBe(2);
  });

  test('versions stay while the machine runs on, and while somebody writes', async () => {
    const before = manifests();
    await rows();
    expect(manifests()).toEqual(before);
    stopAfter(1);
    const lock = lockForWriting(folder);
    await rows();
    expect(manifests()).toEqual(before);
    lock.release();
  });

  test('an index whose last version on the disk is gone asks for a rebuild', async () => {
    stopAfter(-1);
    expect(() => openIndex(folder)).toThrow(expect.objectContaining({ code: 'index_incompatible' }));
    await expect(openIndexForWriting(folder, null)).rejects.toMatchObject({ code: 'index_incompatible' });
    // Nothing is left open: another writer gets its turn.
    lockForWriting(folder).release();
  });
});

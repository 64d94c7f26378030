import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EmbedderIdentity } from '../../../src/core/embedding.ts';
import {
  deleteIndex,
  openIndex,
  openIndexForWriting,
  rebuildIndex,
  type WritableIndex,
} from '../../../src/store/index-folder.ts';
import { indexBytes } from '../../../src/store/index-place.ts';
import { indexedFile } from '../../support/indexed-file.ts';
import { startStoreChild } from '../../support/child.ts';

const embedder: EmbedderIdentity = { model: 'm', digest: 'd', dimension: 2, documentPrefix: '', queryPrefix: '' };
const ask = (term: string) => [{ term, weight: 1 }];

async function fill(index: WritableIndex, path: string, line: string): Promise<void> {
  index.writer.record([indexedFile(path, [line])]);
  for (let batch = index.writer.nextBatch(100); batch !== null; batch = index.writer.nextBatch(100)) {
    await index.store.write(batch);
    index.writer.stored(batch);
  }
}

describe('an index folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'lorekeep-index-')), 'index');
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  test('where there is none, reading says what to run', () => {
    expect(() => openIndex(folder)).toThrow(
      expect.objectContaining({ code: 'not_indexed', message: expect.stringContaining('lorekeep index') }),
    );
  });

  test('a reader sees what the writer has written, while it writes', async () => {
    const index = await openIndexForWriting(folder, null);
    const reader = openIndex(folder);
    expect(await reader.store.searchText(ask('alpha'), { limit: 5 })).toEqual([]);
    await fill(index, 'a.ts', 'alpha');
    expect(await reader.store.searchText(ask('alpha'), { limit: 5 })).toHaveLength(1);
    expect(reader.catalogue.paths()).toHaveLength(1);
    await index.store.optimize();
    await fill(index, 'b.ts', 'alpha');
    expect(await reader.store.searchText(ask('alpha'), { limit: 5 })).toHaveLength(2);
    expect(reader.isCurrent()).toBe(true);
    await Promise.all([reader.close(), index.close()]);
  });

  test('everything in it is for its owner alone, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      const index = await openIndexForWriting(folder, embedder);
      await fill(index, 'a.ts', 'alpha');
      await index.store.optimize();
      await index.close();
    } finally {
      process.umask(before);
    }
    const modes = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
      const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
      return [entry.name, `${entry.isDirectory() ? 'folder' : 'file'} ${mode.toString(8)}`];
    });
    expect(modes.length).toBeGreaterThan(10);
    expect(modes.filter(([, mode]) => mode !== 'file 600' && mode !== 'folder 700')).toEqual([]);
    expect((statSync(folder).mode & 0o777).toString(8)).toBe('700');
    expect(indexBytes(folder)).toBeGreaterThan(1000);
  });

  test('an index made with another embedder is refused for writing, with what to do', async () => {
    await (await openIndexForWriting(folder, embedder)).close();
    await expect(openIndexForWriting(folder, { ...embedder, digest: 'other' })).rejects.toMatchObject({
      code: 'index_incompatible',
      message: expect.stringContaining('lorekeep index --rebuild'),
    });
    await expect(openIndexForWriting(folder, null)).rejects.toMatchObject({ code: 'index_incompatible' });
    const again = await openIndexForWriting(folder, embedder);
    expect(again.catalogue.identity()?.embedder).toEqual(embedder);
    await again.close();
  });

  test.each([
    [
      'of another format',
      (path: string) => withDatabase(path, (database) => database.exec('PRAGMA user_version = 99')),
    ],
    ['cut off', (path: string) => truncateSync(path, 5000)],
    ['overwritten', (path: string) => writeFileSync(path, 'x'.repeat(20_000))],
    ['missing', (path: string) => rmSync(path)],
  ])('a catalogue that is %s asks for a rebuild, which then works', async (_what, damage) => {
    const index = await openIndexForWriting(folder, null);
    await fill(index, 'a.ts', 'alpha');
    await index.close();
    damage(join(folder, '1', 'catalogue.sqlite'));
    const incompatible = { code: 'index_incompatible', message: expect.stringContaining('--rebuild') };
    expect(() => openIndex(folder).catalogue.paths()).toThrow(expect.objectContaining(incompatible));
    const rebuild = await rebuildIndex(folder, null);
    await fill(rebuild, 'a.ts', 'alpha');
    await rebuild.publish();
    await rebuild.close();
    const reader = openIndex(folder);
    expect(reader.catalogue.paths()).toHaveLength(1);
    await reader.close();
  });

  test('missing chunks ask for a rebuild', async () => {
    await (await openIndexForWriting(folder, null)).close();
    rmSync(join(folder, '1', 'chunks'), { recursive: true });
    const reader = openIndex(folder);
    await expect(reader.store.searchText(ask('a'), { limit: 1 })).rejects.toMatchObject({ code: 'index_incompatible' });
    await reader.close();
  });

  test('damaged chunks are a failure of the store, told in one line', async () => {
    const index = await openIndexForWriting(folder, null);
    await fill(index, 'a.ts', 'alpha');
    await index.close();
    rmSync(join(folder, '1', 'chunks', 'chunks.lance', 'data'), { recursive: true });
    const reader = openIndex(folder);
    const failure: unknown = await reader.store.read([1]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'store_failed', message: expect.stringMatching(/^[^\n]+--rebuild`\.$/) });
    await reader.close();
  });

  test('a rebuild leaves the old index in use until it is published', async () => {
    const index = await openIndexForWriting(folder, null);
    await fill(index, 'old.ts', 'alpha');
    await index.close();
    const reader = openIndex(folder);
    const rebuild = await rebuildIndex(folder, embedder);
    await fill(rebuild, 'new.ts', 'alpha');
    expect((await reader.store.searchText(ask('alpha'), { limit: 5 })).map(({ path }) => path)).toEqual(['old.ts']);
    expect(openIndexPaths(folder)).toEqual(['old.ts']);
    await rebuild.publish();
    expect(reader.isCurrent()).toBe(false);
    expect(openIndexPaths(folder)).toEqual(['new.ts']);
    await Promise.all([reader.close(), rebuild.close()]);
    expect(readdirSync(folder).filter((name) => /^\d+$/.test(name))).toEqual(['2']);
  });

  test('a rebuild that is not complete is not published, and closing throws it away', async () => {
    await (await openIndexForWriting(folder, null)).close();
    const rebuild = await rebuildIndex(folder, null);
    rebuild.writer.record([indexedFile('a.ts', ['x'])]);
    await expect(rebuild.publish()).rejects.toMatchObject({ code: 'store_failed' });
    const batch = rebuild.writer.nextBatch(10);
    if (batch) rebuild.writer.stored(batch);
    await expect(rebuild.publish()).rejects.toMatchObject({ code: 'store_failed' });
    await rebuild.close();
    expect(readdirSync(folder).filter((name) => /^\d+$/.test(name))).toEqual(['1']);
    await (await openIndexForWriting(folder, null)).close();
  });

  test('what was recorded survives kill -9, and the store takes the batch again without doubles', async () => {
    const child = startStoreChild('write', folder);
    expect(await child.line()).toBe('written');
    await expect(openIndexForWriting(folder, null)).rejects.toMatchObject({ code: 'index_busy' });
    await child.kill('SIGKILL');
    const index = await openIndexForWriting(folder, null);
    expect(index.catalogue.totals()).toMatchObject({ files: 2, pending: 2 });
    for (let batch = index.writer.nextBatch(10); batch !== null; batch = index.writer.nextBatch(10)) {
      await index.store.write(batch);
      index.writer.stored(batch);
    }
    expect((await index.store.inventory()).map(({ rows }) => rows)).toEqual([1, 1]);
    await index.close();
  });

  test('deleting waits for no writer, and leaves nothing', async () => {
    const index = await openIndexForWriting(folder, null);
    await expect(deleteIndex(folder)).rejects.toMatchObject({ code: 'index_busy' });
    await index.close();
    await deleteIndex(folder);
    expect(existsSync(folder)).toBe(false);
    await deleteIndex(folder);
  });
});

function openIndexPaths(folder: string): string[] {
  const reader = openIndex(folder);
  const paths = reader.catalogue.paths().map(({ path }) => path);
  void reader.close();
  return paths;
}

function withDatabase(path: string, action: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(path);
  action(database);
  database.close();
}

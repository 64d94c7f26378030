import { mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChunkRecord, StoreHit } from '../../../src/core/vector-store.ts';
import { createTable } from '../../../src/store/lance/table.ts';
import { LanceStore } from '../../../src/store/lance-store.ts';
import { chunk } from '../../contract/vector-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorekeep-reads-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const everything = { limit: 5000 };
const common = [{ term: 'common', weight: 1 }];
const east = Float32Array.of(1, 0, 0, 0);
const idsOf = (hits: readonly { readonly id: number }[]) =>
  hits.map(({ id }) => id).toSorted((left, right) => left - right);

/** Chunks of one file that all match `common` and lie near `east`. */
function fileOf(file: number, ids: readonly number[], generation = 1): ChunkRecord[] {
  return ids.map((id) =>
    chunk(id, {
      file,
      generation,
      path: `f${file}.ts`,
      name: `n${id}`,
      startLine: id,
      vector: Float32Array.of(4, 1, id % 3, 0),
    }),
  );
}

/** Files that this process has open and that have no name any more. */
function deletedFiles(): string[] {
  const open = readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [readlinkSync(`/proc/self/fd/${name}`)];
    } catch {
      // Closed meanwhile, such as the one of the listing itself.
      return [];
    }
  });
  return open.filter((path) => path.startsWith(realpathSync(folder)) && path.endsWith(' (deleted)'));
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe('a reader beside a writer', () => {
  let tables = 0;
  let writer: LanceStore;
  let reader: LanceStore;

  beforeEach(async () => {
    const place = { folder, table: `chunks-${tables++}`, dimension: 4, tolerableUnindexedRows: 0 };
    await createTable(place, 4);
    writer = new LanceStore(place);
    reader = new LanceStore(place);
  });
  afterEach(() => Promise.all([writer.close(), reader.close()]));

  test('closing waits for the searches that go on', async () => {
    await writer.write({ records: fileOf(1, range(1, 40)), removeBefore: [] });
    const searches = [1, 2, 3].map(() => reader.searchText(common, everything));
    // They have begun once the table is open.
    await reader.inventory();
    const more = [reader.searchText(common, everything), reader.searchVector(east, everything)];
    await reader.close();
    const results = await Promise.all([...searches, ...more]);
    expect(results.map((hits) => hits.length)).toEqual([40, 40, 40, 40, 40]);
    await expect(reader.inventory()).rejects.toMatchObject({ code: 'store_failed' });
  });

  const add = (records: ChunkRecord[], removeBefore: { file: number; generation: number }[] = []) =>
    writer.write({ records, removeBefore });

  /** What each way of reading finds; all must agree. */
  async function found(): Promise<number[]> {
    const [text, near] = await Promise.all([
      reader.searchText(common, everything),
      reader.searchVector(east, everything),
    ]);
    expect(idsOf(near)).toEqual(idsOf(text));
    const ids = idsOf(text);
    expect(idsOf(await reader.outline(ids))).toEqual(ids);
    expect([...(await reader.contents(ids)).keys()].toSorted((left, right) => left - right)).toEqual(ids);
    const wrong = text.filter(
      (hit: StoreHit) => hit.startLine !== hit.id || hit.name !== `n${hit.id}` || hit.path !== `f${hit.file}.ts`,
    );
    expect(wrong).toEqual([]);
    return ids;
  }

  test('sees each write, removal and compaction at once, and never another chunk in its place', async () => {
    await add(fileOf(1, range(1, 40)));
    expect(await found()).toEqual(range(1, 40));
    await add(fileOf(2, range(41, 60)));
    await add(fileOf(3, range(61, 80)));
    expect(await found()).toEqual(range(1, 80));
    await add(fileOf(2, range(81, 90), 2), [{ file: 2, generation: 2 }]);
    expect(await found()).toEqual([...range(1, 40), ...range(61, 90)]);
    await writer.optimize();
    expect(await found()).toEqual([...range(1, 40), ...range(61, 90)]);
    // A batch from before, written once more: its chunks are not in the order of the table any more.
    await add(fileOf(1, range(1, 40)));
    await add(fileOf(4, range(91, 95)), [{ file: 3, generation: 2 }]);
    expect(await found()).toEqual([...range(1, 40), ...range(81, 95)]);
    await writer.optimize();
    expect(await found()).toEqual([...range(1, 40), ...range(81, 95)]);
  });

  test('keeps no file open that an optimization has deleted', async () => {
    // Small files are read whole: an index stays open only when it is large.
    const words = (id: number): string =>
      range(1, 100)
        .map((at) => `common w${id}x${at}`)
        .join(' ');
    for (let round = 0; round < 4; round++) {
      const records = fileOf(1, range(1 + round * 400, 400 + round * 400), 1 + round);
      await add(
        records.map((record) => ({ ...record, terms: words(record.id) })),
        [{ file: 1, generation: 1 + round }],
      );
      await found();
      await writer.optimize();
      expect(await found()).toHaveLength(400);
    }
    await vi.waitFor(() => expect(deletedFiles()).toEqual([]), { timeout: 10_000 });
  });

  test('finds all chunks while the table is compacted again and again', async () => {
    await add(fileOf(1, range(1, 100)));
    let writing = true;
    const writes = (async () => {
      for (let round = 0; round < 6; round++) {
        await add(fileOf(2 + round, range(1000 + round * 10, 1004 + round * 10)));
        await writer.optimize();
      }
      writing = false;
    })();
    let searches = 0;
    while (writing) {
      const [text, near, contents] = await Promise.all([
        reader.searchText(common, everything),
        reader.searchVector(east, everything),
        reader.contents(range(1, 100)),
      ]);
      expect(idsOf(text).slice(0, 100)).toEqual(range(1, 100));
      expect(idsOf(near).slice(0, 100)).toEqual(range(1, 100));
      expect(contents.size).toBe(100);
      searches++;
    }
    await writes;
    expect(searches).toBeGreaterThan(0);
    expect(await found()).toHaveLength(130);
  });

  test('reads all outlines once many were asked for, and those of new chunks after', async () => {
    await add(fileOf(1, range(1, 3000)));
    await writer.optimize();
    expect(await found()).toHaveLength(3000);
    // By now they are read in the background, at some moment of the next searches.
    for (let search = 0; search < 5; search++) expect(await found()).toHaveLength(3000);
    await add(fileOf(2, range(3001, 3010)), [{ file: 1, generation: 2 }]);
    expect(await found()).toEqual(range(3001, 3010));
    await writer.optimize();
    expect(await found()).toEqual(range(3001, 3010));
  });

  test('vectors that are not kept in memory are found as well, and filters hold for them', async () => {
    const small = new LanceStore({ folder, table: `chunks-${tables - 1}`, dimension: 4, maxVectorBytes: 100 });
    await add([...fileOf(1, range(1, 20)), chunk(21, { language: 'go', vector: east })]);
    expect(idsOf(await small.searchVector(east, everything))).toEqual(range(1, 21));
    expect(idsOf(await small.searchVector(east, { limit: 9, filter: { languages: ['go'] } }))).toEqual([21]);
    expect(idsOf(await small.searchVector(east, { limit: 1 }))).toEqual([21]);
    await small.close();
  });
});

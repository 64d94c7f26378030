import { beforeEach, describe, expect, test } from 'vitest';
import type { ChunkRecord, SearchOptions, StoreHit } from '../../../../src/core/vector-store.ts';
import { MemoryStore } from '../../../../src/store/memory-store.ts';
import { OverlayStore } from '../../../../src/store/overlay/overlay-store.ts';
import type { PendingReader } from '../../../../src/store/overlay/pending-chunks.ts';
import { chunk } from '../../../contract/vector-store.ts';
import { MemoryJournal } from '../../../support/memory-journal.ts';

const ask = (...terms: string[]) => terms.map((term) => ({ term, weight: 1 }));
const ids = (hits: readonly { readonly id: number }[]) => hits.map(({ id }) => id).toSorted((a, b) => a - b);

/** Notes what it is searched for. */
class NotingStore extends MemoryStore {
  searches: string[] = [];

  override searchText(
    terms: Parameters<MemoryStore['searchText']>[0],
    options: SearchOptions,
  ): Promise<readonly StoreHit[]> {
    this.searches.push(terms.map(({ term }) => term).join(' '));
    return super.searchText(terms, options);
  }
}

let store: NotingStore;
let journal: MemoryJournal;
let overlay: OverlayStore;
beforeEach(() => {
  store = new NotingStore();
  journal = new MemoryJournal();
  overlay = new OverlayStore({ store, catalogue: journal });
});

/** Records a file's next generation without bringing it to the store. */
function record(file: number, generation: number, records: readonly ChunkRecord[]): void {
  const placed = records.map((one) => ({ ...one, file, generation }));
  journal.serve({ records: placed, removeBefore: [{ file, generation }] });
  journal.record({ file, generation, records: placed, removes: generation > 1 });
}

function readerOf(source: MemoryJournal): PendingReader {
  return {
    revision: () => source.revision(),
    pending: (after) => source.pending(after),
    pendingRecords: (sequence) => source.pendingRecords(sequence),
    lexicalTotals: () => source.lexicalTotals(),
  };
}

function firstFailing<Argument, Result>(action: (argument: Argument) => Result): (argument: Argument) => Result {
  let calls = 0;
  return (argument) => {
    if (calls++ === 0) throw new Error('busy');
    return action(argument);
  };
}

async function bringAll(): Promise<void> {
  const { through, ...batch } = journal.batch();
  await store.write(batch);
  journal.stored(through);
}

describe('an overlay', () => {
  test('reads each pending file once, and the catalogue only when it has changed', async () => {
    record(1, 1, [chunk(1)]);
    const search = () => overlay.searchText(ask('common'), { limit: 5 });
    await search();
    await search();
    expect(journal.calls).toMatchObject({ pending: 1, pendingRecords: 1 });
    record(2, 1, [chunk(2)]);
    expect(ids(await search())).toEqual([1, 2]);
    expect(journal.calls).toMatchObject({ pending: 2, pendingRecords: 2 });
    await bringAll();
    expect(ids(await search())).toEqual([1, 2]);
    const { calls } = journal;
    expect(calls).toMatchObject({ pending: 3, pendingRecords: 2 });
  });

  test('of an older generation in the store nothing is found, and a limit is not used up by it', async () => {
    record(
      1,
      1,
      Array.from({ length: 40 }, (_, i) => chunk(i + 1, { terms: 'common common' })),
    );
    record(2, 1, [chunk(90), chunk(91)]);
    await bringAll();
    record(1, 2, [chunk(100, { terms: 'other' })]);
    expect(ids(await overlay.searchText(ask('common'), { limit: 2 }))).toEqual([90, 91]);
    expect(await overlay.read([1, 90, 100])).toHaveLength(2);
    expect(await overlay.outline([1, 90, 100])).toHaveLength(2);
  });

  test('the same generation in the store and pending is found once', async () => {
    record(1, 1, [chunk(1), chunk(2)]);
    await store.write(journal.batch());
    expect(ids(await overlay.searchText(ask('common'), { limit: 9 }))).toEqual([1, 2]);
  });

  test('a chunk that is superseded right after it was found can still be read', async () => {
    record(1, 1, [chunk(1, { text: 'found' })]);
    const [hit] = await overlay.searchText(ask('common'), { limit: 1 });
    record(1, 2, [chunk(2)]);
    expect((await overlay.contents([hit?.id ?? 0])).get(1)?.text).toBe('found');
    expect(ids(await overlay.searchText(ask('common'), { limit: 9 }))).toEqual([2]);
  });

  test('a chunk that nobody searched for yet can be read', async () => {
    record(1, 1, [chunk(1, { text: 'named' })]);
    expect((await overlay.contents([1])).get(1)?.text).toBe('named');
    expect(await overlay.outline([1])).toHaveLength(1);
  });

  test('what could not be read is found by the next search', async () => {
    record(1, 1, [chunk(1)]);
    record(2, 1, [chunk(2)]);
    const failing = {
      ...readerOf(journal),
      pendingRecords: firstFailing((sequence: number) => journal.pendingRecords(sequence)),
    };
    const unsure = new OverlayStore({ store, catalogue: failing });
    await expect(unsure.searchText(ask('common'), { limit: 5 })).rejects.toThrow('busy');
    expect(ids(await unsure.searchText(ask('common'), { limit: 5 }))).toEqual([1, 2]);
  });

  test('holds the newest changes when not all fit, and still hides what the others supersede', async () => {
    const small = new OverlayStore({ store, catalogue: journal, maxBytes: 12_000 });
    record(1, 1, [chunk(1)]);
    await bringAll();
    record(1, 2, [chunk(10)]);
    for (let file = 2; file <= 50; file++) record(file, 1, [chunk(file + 100)]);
    const found = ids(await small.searchText(ask('common'), { limit: 100 }));
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(25);
    expect(found).toEqual(Array.from({ length: found.length }, (_, i) => 151 - found.length + i));
    expect(journal.calls.pendingRecords).toBeLessThan(25);
    await bringAll();
    expect(await small.searchText(ask('common'), { limit: 100 })).toHaveLength(50);
  });

  test('asks the store for the frequency of a term once, until something reaches the store', async () => {
    record(
      1,
      1,
      Array.from({ length: 100 }, (_, i) => chunk(i + 1, { terms: `common filler${i}` })),
    );
    await bringAll();
    record(2, 1, [chunk(200, { terms: 'common fresh' })]);
    const searches = async (...terms: string[]) => {
      store.searches = [];
      await overlay.searchText(ask(...terms), { limit: 3 });
      return store.searches.toSorted();
    };
    expect(await searches('common', 'filler1')).toEqual(['common', 'common filler1']);
    expect(await searches('common', 'fresh')).toEqual(['common fresh', 'fresh']);
    record(2, 2, [chunk(201, { terms: 'common fresh' })]);
    expect(await searches('common', 'fresh')).toEqual(['common fresh']);
    await bringAll();
    expect(await searches('common', 'fresh')).toEqual(['common fresh']);
    record(2, 3, [chunk(202, { terms: 'common fresh' })]);
    expect(await searches('common', 'fresh')).toEqual(['common', 'common fresh', 'fresh']);
  });

  test('scores are those of a store that holds everything', async () => {
    const words = (i: number) => `common ${i % 3 === 0 ? 'third ' : ''}word${i % 50} ${'pad '.repeat(i % 7)}`;
    const reference = new MemoryStore();
    const all = Array.from({ length: 400 }, (_, i) => chunk(i + 1, { file: 1 + (i % 40), terms: words(i) }));
    await reference.write({ records: all, removeBefore: [] });
    for (let file = 1; file <= 40; file++) {
      if (file === 37) await bringAll();
      record(
        file,
        1,
        all.filter((one) => one.file === file),
      );
    }
    for (const terms of [['common'], ['third', 'word7'], ['word36', 'common', 'pad'], ['word39']]) {
      const [found, expected] = await Promise.all(
        [overlay, reference].map((one) => one.searchText(ask(...terms), { limit: 400 })),
      );
      const scores = new Map(expected?.map(({ id, score }) => [id, score]));
      const pending = (found ?? []).filter(({ file }) => file >= 37);
      expect(pending.length).toBeGreaterThan(0);
      for (const { id, score } of pending) expect(score / (scores.get(id) ?? 0)).toBeCloseTo(1, 1);
    }
  });
});

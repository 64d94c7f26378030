import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChunkRecord, VectorStore } from '../../src/core/vector-store.ts';

/** Makes an empty store for vectors of four numbers. */
export type StoreFactory = () => Promise<VectorStore>;

/** A chunk of file 1 unless told otherwise. */
export function chunk(id: number, fields: Partial<ChunkRecord> = {}): ChunkRecord {
  return {
    id,
    file: 1,
    generation: 1,
    path: 'src/main.ts',
    language: 'typescript',
    kind: 'definition',
    name: '',
    startLine: 1,
    endLine: 2,
    context: '',
    text: `text of ${id}`,
    terms: 'common',
    ...fields,
  };
}

const ask = (...terms: string[]) => terms.map((term) => ({ term, weight: 1 }));
const ascending = (left: number, right: number) => left - right;
const ids = (hits: readonly { readonly id: number }[]) => hits.map(({ id }) => id);

/** What every VectorStore must do. `optimized` runs each search both on fresh and on tidied data. */
export function vectorStoreContract(name: string, open: StoreFactory): void {
  describe(`${name} as a VectorStore`, () => {
    let store: VectorStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => {
      await store.close();
    });
    const add = (...records: ChunkRecord[]) => store.write({ records, removeBefore: [] });

    test('an empty store finds nothing and can be optimized', async () => {
      expect(await store.searchText(ask('anything'), { limit: 10 })).toEqual([]);
      expect(await store.searchVector(Float32Array.of(1, 0, 0, 0), { limit: 10 })).toEqual([]);
      expect(await store.read([1, 2])).toEqual([]);
      expect(await store.inventory()).toEqual([]);
      await store.optimize();
      expect(await store.searchText(ask('anything'), { limit: 10 })).toEqual([]);
    });

    test('gives back whole records in the order asked, without unknown ids', async () => {
      const first = chunk(1, { text: 'día ☃ 𝒳\r\n\0', name: "o'Neil", context: 'class A\nmethod b', terms: 'día x' });
      const second = chunk(2, { vector: Float32Array.of(0.8, -0.6, 0, 0), path: "a'b/c.ts", kind: 'part' });
      await add(first, second);
      const vector = [0.8, -0.6, 0, 0].map((value) => expect.closeTo(value, 2));
      const [read, ...others] = await store.read([2, 99, 1]);
      expect({ ...read, vector: [...(read?.vector ?? [])] }).toEqual({ ...second, vector });
      expect(others).toEqual([first]);
      const contents = await store.contents([2, 99, 1]);
      expect(new Set(contents.keys())).toEqual(new Set([1, 2]));
      expect(first).toMatchObject(contents.get(1)!);
      expect(second).toMatchObject(contents.get(2)!);
      expect(await store.contents([])).toEqual(new Map());
    });

    test('a hit carries what ranking needs, not the content', async () => {
      const located = {
        id: 5,
        file: 3,
        generation: 2,
        path: 'lib/a.go',
        language: 'go',
        kind: 'members' as const,
        name: 'run',
        startLine: 3,
        endLine: 9,
      };
      await add(chunk(5, { ...located, context: 'class A', vector: Float32Array.of(1, 0, 0, 0) }));
      const [hit] = await store.searchText(ask('common'), { limit: 1 });
      expect(hit).toEqual({ ...located, score: expect.any(Number) });
      expect(hit?.score).toBeGreaterThan(0);
      const [near] = await store.searchVector(Float32Array.of(1, 0, 0, 0), { limit: 1 });
      expect(near).toEqual({ ...located, score: expect.closeTo(1, 3) });
      await add(chunk(6));
      expect(await store.outline([99, 5])).toEqual([located]);
      expect(await store.outline([])).toEqual([]);
    });

    test('terms match exactly: case, punctuation and long words included', async () => {
      const long = 'y'.repeat(150);
      await add(
        chunk(1, { terms: `Foo foo.bar ${long}` }),
        chunk(2, { terms: 'foo bar' }),
        chunk(3, { terms: '日本 本語' }),
      );
      for (const tidy of [false, true]) {
        if (tidy) await store.optimize();
        expect(ids(await store.searchText(ask('Foo'), { limit: 9 }))).toEqual([1]);
        expect(ids(await store.searchText(ask('foo'), { limit: 9 }))).toEqual([2]);
        expect(ids(await store.searchText(ask('foo.bar'), { limit: 9 }))).toEqual([1]);
        expect(ids(await store.searchText(ask(long), { limit: 9 }))).toEqual([1]);
        expect(ids(await store.searchText(ask('本語'), { limit: 9 }))).toEqual([3]);
        expect(ids(await store.searchText(ask('absent'), { limit: 9 }))).toEqual([]);
      }
    });

    test('rare, repeated and heavy terms and short chunks rank higher', async () => {
      const filler = Array.from({ length: 20 }, (_, i) => chunk(100 + i, { terms: `common filler${i}` }));
      await add(
        chunk(1, { terms: 'common rare' }),
        chunk(2, { terms: 'other other other once' }),
        chunk(3, { terms: 'other once once once' }),
        chunk(4, { terms: `short` }),
        chunk(5, { terms: `short ${'padding '.repeat(40)}` }),
        ...filler,
      );
      await store.optimize();
      expect((await store.searchText(ask('common', 'rare'), { limit: 5 }))[0]?.id).toBe(1);
      expect(ids(await store.searchText(ask('other'), { limit: 5 }))).toEqual([2, 3]);
      expect(ids(await store.searchText(ask('short'), { limit: 5 }))).toEqual([4, 5]);
      const heavy = [
        { term: 'other', weight: 1 },
        { term: 'once', weight: 3 },
      ];
      expect(ids(await store.searchText(heavy, { limit: 5 }))).toEqual([3, 2]);
      const weightless = [
        { term: 'other', weight: 1 },
        { term: 'rare', weight: 0 },
      ];
      expect(ids(await store.searchText(weightless, { limit: 5 }))).toEqual([2, 3]);
    });

    test('the weight of a term multiplies its score', async () => {
      await add(chunk(1, { terms: 'alpha' }), chunk(2, { terms: 'beta' }));
      const [single] = await store.searchText([{ term: 'alpha', weight: 1 }], { limit: 1 });
      const [triple] = await store.searchText([{ term: 'alpha', weight: 3 }], { limit: 1 });
      expect(triple?.score).toBeCloseTo(3 * (single?.score ?? Number.NaN), 4);
    });

    test('respects the limit, and terms that cannot match do no harm', async () => {
      await add(...Array.from({ length: 30 }, (_, i) => chunk(i + 1)));
      expect(await store.searchText(ask('common'), { limit: 7 })).toHaveLength(7);
      expect(await store.searchText(ask('common'), { limit: 0 })).toEqual([]);
      expect(await store.searchText(ask(''), { limit: 5 })).toEqual([]);
      expect(await store.searchText([], { limit: 5 })).toEqual([]);
      const odd = ask('common', '', '"', "'", '(a AND b)', '*', '\\', 'x'.repeat(5000));
      expect(await store.searchText(odd, { limit: 7 })).toHaveLength(7);
    });

    test('filters by language and by files, large lists included', async () => {
      await add(
        chunk(1, { file: 1, language: 'typescript' }),
        chunk(2, { file: 2, language: 'python' }),
        chunk(3, { file: 3, language: "it's" }),
        ...Array.from({ length: 300 }, (_, i) => chunk(10 + i, { file: 10 + i, language: 'go' })),
      );
      const found = async (filter: { languages?: string[]; files?: number[] }) =>
        ids(await store.searchText(ask('common'), { limit: 1000, filter })).toSorted(ascending);
      expect(await found({ languages: ['python', "it's"] })).toEqual([2, 3]);
      expect(await found({ files: [3, 1] })).toEqual([1, 3]);
      expect(await found({ files: [1, 2, 3], languages: ['python'] })).toEqual([2]);
      expect(await found({ files: [] })).toEqual([]);
      expect(await found({ languages: [] })).toEqual([]);
      const many = Array.from({ length: 5000 }, (_, i) => i * 2);
      expect(await found({ files: many })).toEqual([2, ...many.filter((file) => file >= 10 && file < 310)]);
    });

    test('vector search ranks by cosine and leaves out chunks without a vector', async () => {
      await add(
        chunk(1, { vector: Float32Array.of(1, 0, 0, 0) }),
        chunk(2, { vector: Float32Array.of(0.6, 0.8, 0, 0), language: 'go' }),
        chunk(3, { vector: Float32Array.of(0, 0, 1, 0) }),
        chunk(4),
      );
      const query = Float32Array.of(0.8, 0.6, 0, 0);
      const hits = await store.searchVector(query, { limit: 10 });
      expect(ids(hits)).toEqual([2, 1, 3]);
      expect(hits.map(({ score }) => score)).toEqual([0.96, 0.8, 0].map((score) => expect.closeTo(score, 2)));
      expect(ids(await store.searchVector(query, { limit: 1 }))).toEqual([2]);
      expect(ids(await store.searchVector(query, { limit: 9, filter: { languages: ['go'] } }))).toEqual([2]);
    });

    test('removeBefore drops older generations of a file only', async () => {
      await add(chunk(1, { file: 1 }), chunk(2, { file: 2 }), chunk(3, { file: 3 }));
      await store.write({
        records: [chunk(4, { file: 1, generation: 2 })],
        removeBefore: [
          { file: 1, generation: 2 },
          { file: 3, generation: 2 },
          { file: 99, generation: 5 },
        ],
      });
      expect(ids(await store.searchText(ask('common'), { limit: 9 })).toSorted(ascending)).toEqual([2, 4]);
      expect(await store.read([1, 2, 3, 4])).toHaveLength(2);
      await store.optimize();
      expect(ids(await store.searchText(ask('common'), { limit: 9 })).toSorted(ascending)).toEqual([2, 4]);
    });

    test('a batch written again changes nothing', async () => {
      const batch = { records: [chunk(7, { terms: 'once' }), chunk(8)], removeBefore: [] };
      await store.write(batch);
      await store.write(batch);
      await add(chunk(8), chunk(9));
      expect(ids(await store.searchText(ask('once'), { limit: 9 }))).toEqual([7]);
      expect(await store.inventory()).toEqual([{ file: 1, generation: 1, rows: 3 }]);
    });

    test('the inventory counts rows of each file and generation', async () => {
      await add(chunk(1), chunk(2), chunk(3, { generation: 2 }), chunk(4, { file: 2 }));
      const counts = (await store.inventory()).map(({ file, generation, rows }) => `${file}.${generation}: ${rows}`);
      expect(counts.toSorted()).toEqual(['1.1: 2', '1.2: 1', '2.1: 1']);
    });

    test('writes, searches and optimizations may overlap', async () => {
      const writes = Array.from({ length: 6 }, (_, i) => add(chunk(i + 1, { file: i + 1 })));
      const optimized = store.optimize();
      const searches = Array.from({ length: 6 }, () => store.searchText(ask('common'), { limit: 9 }));
      await Promise.all([...writes, optimized, ...searches]);
      expect(await store.searchText(ask('common'), { limit: 9 })).toHaveLength(6);
    });
  });
}

import { describe, expect, it } from 'vitest';
import { toInt8 } from '../../../../src/core/packing/int8.ts';
import { type VectorBatch, VectorSearch, type VectorSource } from '../../../../src/store/vectors/vector-search.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 31n);

function randomFrom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

/** A store of vectors that counts what is read of it. */
class FakeColumn {
  readonly vectors = new Map<number, Float32Array | null>();
  readonly reads: number[] = [];
  version = 1;
  rowsRead = 0;
  readonly #dimension: number;
  readonly #batchRows: number;

  constructor(dimension: number, batchRows = 7) {
    this.#dimension = dimension;
    this.#batchRows = batchRows;
  }

  source(): VectorSource {
    const ids = Int32Array.from(this.vectors.keys());
    return { version: this.version, ids, read: (from) => this.#read(ids, from) };
  }

  async *#read(ids: Int32Array, from: number): AsyncGenerator<VectorBatch> {
    this.reads.push(from);
    const wanted = ids.filter((id) => id >= from);
    for (let start = 0; start < wanted.length; start += this.#batchRows) {
      const part = wanted.slice(start, start + this.#batchRows);
      const vectors = new Int8Array(part.length * this.#dimension);
      for (const [row, id] of part.entries()) {
        const vector = this.vectors.get(id);
        if (vector) vectors.set(toInt8(vector), row * this.#dimension);
      }
      this.rowsRead += part.length;
      yield { ids: part, vectors };
    }
  }

  /** The right answer, worked out plainly on the same bytes. */
  expected(query: Float32Array, limit: number): { id: number; score: number }[] {
    const scored = [...this.vectors].flatMap(([id, vector]) => {
      if (vector === null) return [];
      const bytes = toInt8(vector);
      const product = bytes.reduce((sum, value, i) => sum + value * query[i]!, 0);
      return [{ id, score: product / (Math.hypot(...bytes) * Math.hypot(...query)) }];
    });
    return scored.toSorted((left, right) => right.score - left.score || left.id - right.id).slice(0, limit);
  }
}

const all = (vector: Float32Array) => ({ vector, among: null });
const maxBytes = 2 ** 20;

describe('VectorSearch', () => {
  it.each([1, 5, 16, 100, 128, 1000])(
    `finds the nearest of many vectors of %i numbers (seed ${seed})`,
    async (dimension) => {
      const random = randomFrom(seed);
      const vectorOf = () => Float32Array.from({ length: dimension }, random);
      const column = new FakeColumn(dimension, 1000);
      // More rows than are scored at a time.
      for (let id = 1; id <= (dimension === 16 ? 4200 : 200); id++) column.vectors.set(id * 2, vectorOf());
      const search = new VectorSearch({ dimension, maxBytes: Infinity });
      for (let question = 0; question < 3; question++) {
        const query = vectorOf();
        const found = await search.search(column.source(), all(query), 20);
        const expected = column.expected(query, 20);
        for (const [rank, { score }] of found.entries()) expect(score).toBeCloseTo(expected[rank]!.score, 3);
        expect(found).toHaveLength(20);
      }
      expect(column.reads).toEqual([2]);
    },
  );

  it('orders equal scores by id, and never finds what has no vector', async () => {
    const column = new FakeColumn(2);
    for (const id of [9, 3, 7]) column.vectors.set(id, Float32Array.of(0, 2));
    column.vectors.set(1, null);
    column.vectors.set(5, Float32Array.of(1, 0));
    const search = new VectorSearch({ dimension: 2, maxBytes });
    const found = await search.search(column.source(), all(Float32Array.of(0, 1)), 9);
    expect(found.map(({ id }) => id)).toEqual([3, 7, 9, 5]);
    expect((await search.search(column.source(), all(Float32Array.of(0, 1)), 2)).map(({ id }) => id)).toEqual([3, 7]);
    const among = new Set([9, 1, 5]);
    const some = await search.search(column.source(), { vector: Float32Array.of(0, 1), among }, 9);
    expect(some.map(({ id }) => id)).toEqual([9, 5]);
    expect(await search.search(column.source(), all(Float32Array.of(0, 0)), 9)).toHaveLength(4);
  });

  it('follows changes and reads only what is new', async () => {
    const column = new FakeColumn(3);
    for (let id = 1; id <= 50; id++) column.vectors.set(id, Float32Array.of(id, 1, 0));
    const search = new VectorSearch({ dimension: 3, maxBytes });
    const find = async () =>
      (await search.search(column.source(), all(Float32Array.of(1, 0, 0)), 60)).map(({ id }) => id);
    expect(await find()).toHaveLength(50);
    for (const id of [2, 50, 33]) column.vectors.delete(id);
    column.vectors.set(60, Float32Array.of(100, 1, 0));
    // Nobody has said that there is another version.
    expect(await find()).toHaveLength(50);
    column.version++;
    column.rowsRead = 0;
    const found = await find();
    expect(found[0]).toBe(60);
    expect(found.toSorted((left, right) => left - right)).toEqual(
      [...column.vectors.keys()].toSorted((left, right) => left - right),
    );
    expect(column.rowsRead).toBe(1);
    // A chunk older than others comes back: those behind it are read again, and not kept twice.
    column.vectors.set(2, Float32Array.of(2, 1, 0));
    column.version++;
    expect((await find()).toSorted((left, right) => left - right)).toEqual(
      [...column.vectors.keys()].toSorted((left, right) => left - right),
    );
    column.vectors.clear();
    column.version++;
    expect(await find()).toEqual([]);
  });

  it('finds the same where the vectors are too many to be kept', async () => {
    const random = randomFrom(seed);
    const column = new FakeColumn(20);
    for (let id = 1; id <= 100; id++) column.vectors.set(id, Float32Array.from({ length: 20 }, random));
    const kept = new VectorSearch({ dimension: 20, maxBytes });
    const passing = new VectorSearch({ dimension: 20, maxBytes: 100 });
    const query = Float32Array.from({ length: 20 }, random);
    const expected = await kept.search(column.source(), all(query), 10);
    expect(await passing.search(column.source(), all(query), 10)).toEqual(expected);
    expect(await passing.search(column.source(), all(query), 10)).toEqual(expected);
    // Once for the vectors that are kept, then for each search.
    expect(column.reads).toEqual([1, 0, 0]);
  });

  it('goes on after a failure, also for searches at the same time', async () => {
    const column = new FakeColumn(2);
    column.vectors.set(1, Float32Array.of(1, 0));
    const search = new VectorSearch({ dimension: 2, maxBytes });
    const broken: VectorSource = {
      ...column.source(),
      // oxlint-disable-next-line eslint/require-yield -- it fails before it has read anything
      async *read() {
        throw new Error('the file is gone');
      },
    };
    const question = all(Float32Array.of(1, 0));
    const [failed, found] = await Promise.allSettled([
      search.search(broken, question, 1),
      search.search(column.source(), question, 1),
    ]);
    expect(failed.status).toBe('rejected');
    expect(found).toMatchObject({ status: 'fulfilled', value: [{ id: 1 }] });
  });
});

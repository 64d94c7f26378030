import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChunkRecord, SearchOptions, StoreHit } from '../../../src/core/vector-store.ts';
import { createTable } from '../../../src/store/lance/table.ts';
import { LanceStore } from '../../../src/store/lance-store.ts';
import { MemoryStore } from '../../../src/store/memory-store.ts';
import { chunk } from '../../contract/vector-store.ts';
import { ownSources, pieceTerms } from '../../support/own-sources.ts';

/** This project's own sources, cut into pieces. */
function realChunks(): ChunkRecord[] {
  const pieces = ownSources().flatMap(({ path, pieces: texts }, file) =>
    texts.map((text) => ({ path, file: file + 1, text })),
  );
  return pieces.map((piece, i) => {
    const terms = pieceTerms(piece.path, piece.text);
    return chunk(i + 1, { ...piece, terms, language: i % 3 === 0 ? 'typescript' : 'other' });
  });
}

describe('the full-text index of LanceDB against plain BM25', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lorekeep-differential-'));
  const place = { folder, table: 'chunks' };
  const lance = new LanceStore({ ...place, dimension: null, tolerableUnindexedRows: 0 });
  const memory = new MemoryStore();
  const records = realChunks();
  const vocabulary = [...new Set(records.flatMap(({ terms }) => terms.split(' ')))];

  beforeAll(async () => {
    await createTable(place, null);
    for (const part of [records.slice(0, 500), records.slice(500)]) {
      await lance.write({ records: part, removeBefore: [] });
      await memory.write({ records: part, removeBefore: [] });
    }
    await lance.optimize();
  });
  afterAll(async () => {
    await lance.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('has enough to compare', () => {
    expect(records.length).toBeGreaterThan(500);
    expect(vocabulary.length).toBeGreaterThan(2000);
  });

  const term = fc.record({ term: fc.constantFrom(...vocabulary), weight: fc.constantFrom(0.3, 1, 2) });
  const languages = fc.constantFrom(undefined, ['typescript']);

  test('gives the same scores, so the same order but for ties', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(term, { minLength: 1, maxLength: 8 }), languages, async (terms, wanted) => {
        const options: SearchOptions = { limit: 20, ...(wanted && { filter: { languages: wanted } }) };
        const [found, expected] = await Promise.all([
          lance.searchText(terms, options),
          memory.searchText(terms, options),
        ]);
        expect(found.map(({ score }) => score)).toEqual(expected.map(({ score }) => expect.closeTo(score, 3)));
        expectSameOrder(found, expected);
      }),
      { numRuns: 200 },
    );
  });

  test('a changed file is ranked as in a fresh index after optimizing', async () => {
    const changed = records
      .filter(({ file }) => file === 1)
      .map((record, i) => {
        return { ...record, id: records.length + 1 + i, generation: 2, terms: `${record.terms} zebra` };
      });
    const batch = { records: changed, removeBefore: [{ file: 1, generation: 2 }] };
    await Promise.all([lance.write(batch), memory.write(batch)]);
    await lance.optimize();
    const zebra = [{ term: 'zebra', weight: 1 }];
    const [found, expected] = await Promise.all(
      [lance, memory].map((store) => store.searchText(zebra, { limit: 100 })),
    );
    expect(found).toHaveLength(changed.length);
    expectSameOrder(found ?? [], expected ?? []);
  });
});

/** Where scores differ by more than rounding, the order must be the same. */
function expectSameOrder(found: readonly StoreHit[], expected: readonly StoreHit[]): void {
  const scores = new Map(expected.map(({ id, score }) => [id, score]));
  const last = expected.at(-1)?.score ?? 0;
  for (const [i, { id }] of found.entries()) {
    const score = scores.get(id) ?? last;
    expect(Math.abs(score - (expected[i]?.score ?? Number.NaN))).toBeLessThan(0.001 * Math.max(1, score));
  }
}

import { afterAll, expect, test } from 'vitest';
import { lanceIndex, memoryIndex, type TestIndex } from '../../support/changes/open-index.ts';
import { runSequences, sequenceParsers } from '../../support/changes/run-sequences.ts';
import { sameSearches } from '../../support/changes/same-searches.ts';
import { HashEmbedder } from '../../support/hash-embedder.ts';

const parsers = sequenceParsers();
const embedder = new HashEmbedder();
afterAll(() => parsers.close());

test('an index kept current is the same as a new one (seeds 1 to 200)', async () => {
  expect(await runSequences({ parsers, embedder, open: memoryIndex }, { first: 1, last: 200 })).toEqual([]);
}, 180_000);

test('so is one that hears of no change and compares all files once (seeds 201 to 240)', async () => {
  const options = { first: 201, last: 240, dropsAll: true };
  expect(await runSequences({ parsers, embedder, open: memoryIndex }, options)).toEqual([]);
}, 60_000);

test('and in LanceDB it is searched with the same results (seeds 301 to 320)', async () => {
  const parts = {
    parsers,
    embedder,
    open: (folder: string) => lanceIndex(folder, 32),
    compare: (live: TestIndex, fresh: TestIndex) => sameSearches(live, fresh, embedder),
  };
  expect(await runSequences(parts, { first: 301, last: 320 })).toEqual([]);
}, 180_000);

import { afterAll, expect, test } from 'vitest';
import { lanceIndex, memoryIndex, type TestIndex } from '../support/changes/open-index.ts';
import { runSequences, sequenceParsers } from '../support/changes/run-sequences.ts';
import { sameSearches } from '../support/changes/same-searches.ts';
import { HashEmbedder } from '../support/hash-embedder.ts';

/** Seeds that no one has seen before; what differs names its own. */
const first = (Date.now() % 1_000_000) * 1000;
const inMemory = 10_000;
const inLance = 500;

const parsers = sequenceParsers();
const embedder = new HashEmbedder();
afterAll(() => parsers.close());

test(`an index kept current is the same as a new one, ${inMemory} times from seed ${first} on`, async () => {
  const parts = { parsers, embedder, open: memoryIndex };
  expect(await runSequences(parts, { first, last: first + inMemory - 1 })).toEqual([]);
}, 7_200_000);

test(`and so it is in LanceDB, ${inLance} times from seed ${first} on`, async () => {
  const compare = (live: TestIndex, fresh: TestIndex) => sameSearches(live, fresh, embedder);
  const parts = { parsers, embedder, open: (folder: string) => lanceIndex(folder, 32), compare };
  expect(await runSequences(parts, { first, last: first + inLance - 1 })).toEqual([]);
}, 3_600_000);

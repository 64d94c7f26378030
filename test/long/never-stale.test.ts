import { expect, it } from 'vitest';
import { runQueries } from '../support/never-stale/run-queries.ts';

const seed = Date.now() % 1_000_000;

it.each([
  ['beside runs of the indexer', true],
  ['with an index that stays as it was', false],
])('1,000 queries while another process changes the files are never stale: %s', async (_, indexing) => {
  const startedAt = performance.now();
  const outcome = await runQueries({ queries: 1_000, files: 30, seed, indexing });
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  process.stdout.write(`${JSON.stringify({ seed, indexing, seconds, ...outcome })}\n`);
  expect(outcome.stale).toEqual([]);
  expect(outcome.served).toBeGreaterThan(2_000);
  expect(outcome.readFromDisk).toBeGreaterThan(500);
});

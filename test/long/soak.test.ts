import { expect, it } from 'vitest';
import { runSoak } from '../support/soak/run-soak.ts';

const seed = Number(process.env['SOAK_SEED'] ?? Date.now() % 1_000_000);
const changes = Number(process.env['SOAK_CHANGES'] ?? 20_000);

it(`${changes} changes of files leave an index that is as good as a new one`, async () => {
  const outcome = await runSoak({ changes, seed });
  process.stdout.write(`${JSON.stringify({ seed, changes, ...outcome }, null, 1)}\n`);
  const { grown } = outcome;
  expect(outcome.difference).toBe('');
  expect(outcome.failures).toEqual([]);
  expect(outcome.alarms).toEqual([]);
  expect(outcome.bytes).toBeLessThanOrEqual(1.5 * outcome.freshBytes);
  expect(outcome.searchP95Ms).toBeLessThanOrEqual(2 * outcome.freshSearchP95Ms);
  // What native code and a garbage collector give back late is no leak.
  for (const { mean, growth } of [grown.writerMegabytes, grown.readerMegabytes])
    expect(growth).toBeLessThan(mean * 0.1);
  for (const { growth } of [grown.writerFiles, grown.readerFiles]) expect(growth).toBeLessThan(5);
}, 2_700_000);

import { expect, test } from 'vitest';
import { killRepeatedly } from '../support/crash/crash-run.ts';
import { measureRecovery } from '../support/crash/recovery.ts';

const kills = 1000;

test(`${kills} kills of the writing process lose nothing`, async () => {
  const seed = Date.now() % 1_000_000;
  const report = await killRepeatedly({ kills, seed });
  process.stdout.write(`seed ${seed}: ${JSON.stringify(report)}\n`);
  expect(report, `seed ${seed}`).toMatchObject({ kills, problems: [] });
  expect(report.bytesOfFresh).toBeLessThan(1.5);
});

test('100,000 chunks are taken up again within 5 seconds', async () => {
  const cost = await measureRecovery(100_000, 8_000);
  process.stdout.write(`${JSON.stringify(cost)}\n`);
  expect(cost.openMs + cost.flushMs + cost.compareMs).toBeLessThan(5_000);
});

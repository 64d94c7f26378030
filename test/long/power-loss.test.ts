import { expect, test } from 'vitest';
import { canTrace, cutPower, traceLeftOut } from '../support/crash/power/power-run.ts';

const isPossible = canTrace();
if (!isPossible) process.stdout.write(`${traceLeftOut}\n`);

test.skipIf(!isPossible)('200 power cuts take nothing that was acknowledged', async () => {
  const seed = Date.now() % 1_000_000;
  const report = await cutPower({ cuts: 200, rounds: 16, seed });
  process.stdout.write(`seed ${seed}: ${JSON.stringify(report)}\n`);
  expect(report.problems, `seed ${seed}`).toEqual([]);
  expect(report.equal + report.detected + report.before).toBe(200);
});

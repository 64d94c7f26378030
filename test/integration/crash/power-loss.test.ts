import { expect, test } from 'vitest';
import { canTrace, cutPower, traceLeftOut } from '../../support/crash/power/power-run.ts';

const isPossible = canTrace();
if (!isPossible) process.stdout.write(`${traceLeftOut}\n`);

/** The long test under test/long takes other seeds and more cuts. */
const seed = 1_117;

test.skipIf(!isPossible)(
  `a power cut takes nothing that was acknowledged (seed ${seed})`,
  async () => {
    const report = await cutPower({ cuts: 8, rounds: 4, seed });
    expect(report.problems).toEqual([]);
    expect(report.equal).toBeGreaterThan(3);
  },
  240_000,
);

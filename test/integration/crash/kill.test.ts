import { expect, test } from 'vitest';
import { killRepeatedly } from '../../support/crash/crash-run.ts';

/** The long test under test/long takes other seeds and more kills. */
const kills = 100;
const seed = 4_711;

test(`${kills} kills of the writing process lose nothing (seed ${seed})`, async () => {
  const report = await killRepeatedly({ kills, seed });
  expect(report).toMatchObject({ kills, problems: [] });
  expect(report.atSteps).toBeGreaterThan(20);
  expect(report.runs).toBeGreaterThan(20);
  expect(report.whole).toBeGreaterThan(100);
  // What killed writers left behind goes with the next tidying up.
  expect(report.bytesOfFresh).toBeLessThan(1.5);
}, 600_000);

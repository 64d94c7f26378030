import { expect, test } from 'vitest';
import { killRepeatedly } from '../../support/crash/crash-run.ts';

const seed = 4_711;

test(`100 kills of the writing process lose nothing (seed ${seed})`, async () => {
  const report = await killRepeatedly({ kills: 100, seed });
  expect(report).toMatchObject({ kills: 100, problems: [] });
  expect(report.atSteps).toBeGreaterThan(20);
  expect(report.runs).toBeGreaterThan(20);
  expect(report.whole).toBeGreaterThan(100);
}, 300_000);

import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { FloodMeter } from '../../../indexer/watch/thread/flood-meter.ts';
import { HandClock } from '../../support/hand-clock.ts';

function meterOf(limit: number) {
  const clock = new HandClock();
  let calms = 0;
  const meter = new FloodMeter(limit, clock, () => calms++);
  /** Events that are read in one go. */
  async function read(events: number): Promise<void> {
    for (let event = 0; event < events; event++) meter.note();
    await turnOfLoop();
  }
  return { clock, meter, read, calms: () => calms };
}

it('passes over fewer events than the kernel keeps', async () => {
  const { clock, read, calms } = meterOf(100);
  for (let second = 0; second < 5; second++) {
    await read(60);
    await clock.pass(1100);
  }
  expect(calms()).toBe(0);
});

it.each([
  ['in one go', [100]],
  ['within a second', [40, 40, 40]],
])('tells once, when it is over, of a flood that came %s', async (_, reads) => {
  const { clock, read, calms } = meterOf(100);
  for (const events of reads) {
    await read(events);
    await clock.pass(50);
  }
  expect(calms()).toBe(0);
  await clock.pass(10_000);
  expect(calms()).toBe(1);
});

it('tells from time to time of a flood without an end', async () => {
  const { clock, read, calms } = meterOf(100);
  for (let at = 0; at < 60_000; at += 100) {
    await read(50);
    await clock.pass(100);
  }
  expect(calms()).toBeGreaterThanOrEqual(4);
  expect(calms()).toBeLessThanOrEqual(6);
});

it('tells of what was lost for certain, and nothing after it is closed', async () => {
  const { clock, meter, calms } = meterOf(100);
  meter.lost();
  meter.lost();
  await clock.pass(1000);
  expect(calms()).toBe(1);
  meter.lost();
  meter.close();
  await clock.pass(1000);
  expect(calms()).toBe(1);
});

import { expect, it } from 'vitest';
import { SleepWatch } from '../../../indexer/watch/sleep-watch.ts';

it.each([
  ['an ordinary pause', 2000, 2000, false],
  ['a busy program', 20_000, 20_000, false],
  ['clocks that drift apart a little', 2000, 2900, false],
  ['a sleep that only the time of day counts', 600_000, 2000, true],
  ['a sleep that both clocks count', 600_000, 600_000, true],
  ['a clock that is set back', -3_600_000, 2000, true],
])('tells a sleep from other things: %s', (...[, wallMs, awakeMs, hasSlept]) => {
  let times = { wall: 1e12, awake: 5000 };
  const watch = new SleepWatch({ wall: () => times.wall, awake: () => times.awake });
  expect(watch.hasSlept()).toBe(false);
  times = { wall: times.wall + wallMs, awake: times.awake + awakeMs };
  expect(watch.hasSlept()).toBe(hasSlept);
  expect(watch.hasSlept()).toBe(false);
});

import { expect, test } from 'vitest';
import type { LiveState } from '../../../../src/core/live.ts';
import { liveGauges } from '../../../../src/verbs/gateway/live-gauges.ts';

const live = (changes: Partial<LiveState>): LiveState => ({
  pid: 1,
  startedAt: '2026-03-01T12:00:00.000Z',
  mode: 'events',
  reason: null,
  pendingFiles: 0,
  pendingSince: null,
  checkedAt: '2026-03-01T12:00:00.000Z',
  problem: null,
  ...changes,
});
const now = Date.parse('2026-03-01T12:01:00Z');

test('numbers of all projects together', () => {
  const slow = live({ mode: 'reconcile_only', pendingFiles: 2, checkedAt: '2026-03-01T12:00:30.000Z' });
  expect(liveGauges([live({ pendingFiles: 3 }), slow], now)).toEqual({
    pendingFiles: 5,
    watchedProjects: 1,
    comparedSecondsAgo: 60,
  });
});

test('a project that nobody keeps current has no last comparison', () => {
  expect(liveGauges([live({}), null], now).comparedSecondsAgo).toBeNull();
  expect(liveGauges([], now).comparedSecondsAgo).toBeNull();
});

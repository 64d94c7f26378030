import type { LiveState } from '../../core/live.ts';
import type { GatewayGauges } from './gateway.ts';

/** The numbers that tell how current all projects are together; `now` is in milliseconds since 1970. */
export function liveGauges(
  lives: readonly (LiveState | null)[],
  now: number,
): Pick<GatewayGauges, 'pendingFiles' | 'watchedProjects' | 'comparedSecondsAgo'> {
  const checks = lives.map((live) => live?.checkedAt ?? null);
  const times = checks.map((time) => (time === null ? -Infinity : Date.parse(time)));
  const oldest = Math.min(...times);
  return {
    pendingFiles: lives.reduce((sum, live) => sum + (live?.pendingFiles ?? 0), 0),
    watchedProjects: lives.filter((live) => live?.mode === 'events').length,
    comparedSecondsAgo: Number.isFinite(oldest) ? Math.max(0, Math.round((now - oldest) / 1000)) : null,
  };
}

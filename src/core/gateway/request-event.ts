import type { AuditEvent, RequestTrace } from './trace.ts';

/** A key in a URL, for clients that can send no header. Routes are patterns without it; this is the second lock. */
const keyInPath = /\/k\/[^/]+/;

/**
 * The line of a finished request. Contents are in it only where the trace holds them, which is where the configuration asks
 * for them; keys never. What is not known is left out.
 */
export function requestEvent(trace: RequestTrace): AuditEvent {
  const { startedAt, route, callerId, callerName, projects, sent, firstByteMs, durationMs, ...rest } = trace;
  const details: Record<string, unknown> = {
    ...rest,
    route: route.replace(keyInPath, '/k/…'),
    keyId: callerId,
    keyName: callerName,
    projects: projects?.length === 0 ? undefined : projects,
    sent: sent?.length === 0 ? undefined : sent,
    firstByteMs: tenths(firstByteMs),
    durationMs: tenths(durationMs),
  };
  return { action: 'request', at: startedAt, details };
}

function tenths(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.round(milliseconds * 10) / 10;
}

import type { RequestTrace } from '../../../core/gateway/trace.ts';
import { duration, oneLine } from '../../terminal-text.ts';

/** A finished request in one line: when, outcome, what, how long, who, and what was decided. */
export function requestLine(trace: RequestTrace): string {
  const { startedAt, status = 0, method, route, durationMs = 0 } = trace;
  const details = [
    named('key', trace.callerName),
    named('model', trace.model),
    named('decision', trace.decision),
    named('cache', trace.cache),
    named('tokens', tokens(trace)),
    named('error', trace.error),
    named('id', trace.id),
  ];
  return [startedAt, status, method, oneLine(route), duration(durationMs), ...details]
    .filter((part) => part !== '')
    .join(' ');
}

function tokens({ promptTokens, outputTokens }: RequestTrace): string | undefined {
  return promptTokens === undefined ? undefined : `${promptTokens}+${outputTokens ?? 0}`;
}

function named(name: string, value: string | undefined): string {
  return value === undefined ? '' : `${name}=${/^[\w.:@/+-]+$/.test(value) ? value : oneLine(JSON.stringify(value))}`;
}

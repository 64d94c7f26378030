import { ServiceError } from '../../core/errors.ts';

const unitsMs: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 3.6e6 };

/**
 * How long a model stays after a call, in milliseconds, from Ollama's `keep_alive`: seconds, or a duration such as `1h30m`;
 * Infinity for a negative one. Throws `request_invalid` for anything else.
 */
export function keepAliveMs(value: string | number | undefined, fallbackMs: number): number {
  if (value === undefined || value === '') return fallbackMs;
  const text = String(value).trim();
  const isNegative = text.startsWith('-');
  const ms = /^-?\d+(\.\d+)?$/.test(text) ? Math.abs(Number(text)) * 1e3 : durationMs(text.replace(/^[-+]/, ''));
  if (ms !== null) return isNegative ? Infinity : ms;
  throw new ServiceError(
    'request_invalid',
    `"${text}" is no time to keep a model: write seconds, or a duration such as 5m.`,
  );
}

function durationMs(text: string): number | null {
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return null;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g);
  return [...parts].reduce((sum, [, number, unit]) => sum + Number(number) * (unitsMs[unit ?? ''] ?? 0), 0);
}

import type { RequestLimits } from './transport/request-watch.ts';

const connectMs = 3_000;
/** Questions about a model need no model to be loaded. */
const lookupMs = 10_000;
const defaultSilenceMs = 300_000;
/** A model that has begun to answer is not silent for as long as one that still loads. */
const betweenPiecesMs = 60_000;

/** Limits for quick questions and for slow work, from the longest silence in milliseconds that a server is granted. */
export function requestLimits(silenceMs: number = defaultSilenceMs): Readonly<Record<'quick' | 'slow', RequestLimits>> {
  const within = (firstByteMs: number): RequestLimits => ({
    connectMs: Math.min(connectMs, firstByteMs),
    firstByteMs,
    idleMs: Math.min(betweenPiecesMs, firstByteMs),
  });
  return { quick: within(Math.min(lookupMs, silenceMs)), slow: within(silenceMs) };
}

import { ServiceError } from '../core/errors.ts';
import type { ModelEndpoint } from './allowed-host.ts';
import { openExchange } from './transport/http-exchange.ts';
import type { RequestLimits } from './transport/request-watch.ts';
import { toWebResponse } from './transport/web-response.ts';

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

/**
 * A `fetch` that reaches one model server only: never through a proxy, never after a redirect, always within limits.
 * Rejects with `model_unavailable`, `model_timeout` or `aborted`; the body of its response fails with the same.
 */
export function boundedFetch(endpoint: ModelEndpoint, limits: RequestLimits, signal?: AbortSignal): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== new URL(endpoint.baseUrl).origin) {
      throw new ServiceError('forbidden', `A request to ${url.host} was refused: only ${endpoint.label} is in use.`);
    }
    const request = {
      method: init?.method ?? 'GET',
      path: url.pathname + url.search,
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: typeof init?.body === 'string' ? init.body : null,
      // What is asked through here changes nothing on the server.
      isRepeatable: true,
    };
    return toWebResponse(await openExchange(request, { endpoint, limits, signal }));
  };
}

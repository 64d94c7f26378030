import { createApp } from '../../src/http/app.ts';
import type { AppOptions } from '../../src/http/app.ts';
import type { HttpParts } from '../../src/http/http-parts.ts';
import { fakeParts, testKey } from './fake-gateway.ts';

/** A request as a test writes it. */
export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is text. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Default true: with the test key as Bearer. */
  readonly withKey?: boolean;
}

/** The HTTP surface over parts in memory, and a way to call it without sockets. */
export function httpApp(changes: Partial<HttpParts> = {}, options: Partial<AppOptions> = {}) {
  const parts: HttpParts = { ...fakeParts(), ...changes };
  const service = createApp(parts, {
    listenHost: '127.0.0.1',
    page: null,
    protocols: [],
    clock: () => performance.now(),
    ...options,
  });
  const call = (path: string, request: Call = {}): Promise<Response> => service.fetch(requestOf(path, request));
  return { parts, service, call };
}

/** A request to 127.0.0.1:11435. */
export function requestOf(path: string, { method, headers = {}, body, signal, withKey = true }: Call): Request {
  return new Request(`http://127.0.0.1:11435${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...(withKey ? { authorization: `Bearer ${testKey}` } : {}), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
}

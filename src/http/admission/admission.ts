import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { ServiceError, toServiceError } from '../../core/errors.ts';
import type { Caller, Gatekeeper } from '../../core/gateway/caller.ts';
import type { HttpContext, HttpEnvironment, HttpParts } from '../http-parts.ts';
import type { RunningRequest, RunningRequests } from '../observation/running-requests.ts';
import { limitBody } from './body-limit.ts';
import { hostCheck } from './hosts.ts';
import { isHiddenCrossSite, originKind, preflightHeaders } from './origins.ts';
import { requestKeys } from './request-keys.ts';

/** A request as it comes to the app, and what becomes known of it on the way. */
export interface Arrival {
  readonly pathKey: string | null;
  readonly pathProject: string | null;
  readonly connection: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse } | undefined;
  run: RunningRequest | null;
  /** The origin that may read the reply, null for none. */
  origin: string | null;
}

export interface AdmissionParts {
  readonly parts: HttpParts;
  readonly running: RunningRequests;
  readonly listenHost: string;
}

/** Who may see the routes that need no key, and nothing else. */
export const nobody: Caller = { id: 'nobody', name: 'nobody', projects: [], isAdmin: false };

/** Routes that answer without a key. */
const openRoutes: ReadonlySet<string> = new Set(['/', '/health', '/openapi.json']);

/** Decides for each request, before any handler, whether it is let in, and notes its arrival. Errors: as their protocol says them. */
export function admission({ parts, running, listenHost }: AdmissionParts): MiddlewareHandler<HttpEnvironment> {
  const isOurHost = hostCheck({ listenHost, hosts: parts.hosts });
  const origins = new Set(parts.origins);
  return async (context, next) => {
    const arrival = context.env as Arrival;
    const run = arrive(context, arrival, { parts, running });
    const { headers } = context.req.raw;
    const host = headers.get('host') ?? urlHost(context.req.raw.url);
    if (!isOurHost(host) || !isOurHost(urlHost(context.req.raw.url))) {
      run.trace.error = 'forbidden';
      return new Response(null, { status: 403 });
    }
    const origin = headers.get('origin');
    const kind = originKind(origin, host, origins);
    if (kind === 'foreign' || isHiddenCrossSite(headers)) throw foreignPage();
    if (kind === 'listed' || kind === 'editor') arrival.origin = origin;
    if (context.req.method === 'OPTIONS' && headers.get('access-control-request-method') !== null)
      return new Response(null, { status: 204, headers: origin === null ? {} : preflightHeaders(origin, headers) });
    if (!context.req.path.startsWith('/api/blobs/')) limitBody(context, parts.maxBodyBytes);
    const keys = requestKeys(arrival.pathKey, headers);
    const caller = admit(parts.gatekeeper, keys, openRoutes.has(run.trace.route));
    if (kind === 'editor' && keys.length === 0) throw editorWithoutKey();
    run.trace.callerId = caller.id;
    run.trace.callerName = caller.name;
    context.set('request', { caller, trace: run.trace, signal: run.signal });
    context.set('pathProject', arrival.pathProject);
    return next();
  };
}

/** Notes a request, and listens for its end where there is a connection. */
function arrive(
  context: HttpContext,
  arrival: Arrival,
  { parts, running }: Pick<AdmissionParts, 'parts' | 'running'>,
): RunningRequest {
  const { connection } = arrival;
  const run = running.start({
    id: parts.newId(),
    startedAt: parts.now().toISOString(),
    method: context.req.method,
    route: routeOf(context),
    clientAddress: connection?.incoming.socket.remoteAddress ?? '',
  });
  arrival.run = run;
  if (connection === undefined) {
    context.req.raw.signal.addEventListener('abort', () => run.closed(false), { once: true });
  } else {
    const { outgoing } = connection;
    outgoing.once('close', () => run.closed(outgoing.writableFinished));
  }
  return run;
}

/** The pattern of the route that will answer: paths may hold names, and there are many of them. */
function routeOf(context: HttpContext): string {
  const route = matchedRoutes(context).findLast(({ path }) => path !== '/*');
  return route?.path ?? '(none)';
}

/** `host:port` of an absolute URL. */
function urlHost(url: string): string {
  const start = url.indexOf('//') + 2;
  return url.slice(start, url.indexOf('/', start));
}

function admit(gatekeeper: Gatekeeper, keys: readonly string[], isOpen: boolean): Caller {
  if (keys.length > 0) return admitFirst(gatekeeper, keys);
  try {
    return gatekeeper.admit(null);
  } catch (error) {
    if (isOpen && toServiceError(error).code === 'unauthorized') return nobody;
    throw error;
  }
}

/** The caller of the first key that is known; the error of the last one where none is. */
function admitFirst(gatekeeper: Gatekeeper, [key, ...others]: readonly string[]): Caller {
  try {
    return gatekeeper.admit(key ?? null);
  } catch (error) {
    if (others.length === 0 || toServiceError(error).code !== 'unauthorized') throw error;
    return admitFirst(gatekeeper, others);
  }
}

function foreignPage(): ServiceError {
  return new ServiceError(
    'forbidden',
    'Web pages of this origin may not ask this service. Start it with --allow-origin <origin> to allow them.',
  );
}

function editorWithoutKey(): ServiceError {
  return new ServiceError(
    'unauthorized',
    "Requests from an editor's own pages need a key, even where others need none.",
  );
}

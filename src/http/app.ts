import type { IncomingMessage, ServerResponse } from 'node:http';
import { Hono } from 'hono';
import { toServiceError } from '../core/errors.ts';
import type { ServiceError } from '../core/errors.ts';
import { requestEvent } from '../core/gateway/request-event.ts';
import type { RequestTrace } from '../core/gateway/trace.ts';
import { admission } from './admission/admission.ts';
import type { Arrival } from './admission/admission.ts';
import { corsHeaders } from './admission/origins.ts';
import { stripRequest } from './admission/prefixes.ts';
import type { Prefixes } from './admission/prefixes.ts';
import { errorReply, protocolOf } from './errors/error-reply.ts';
import { noSuchRoute } from './errors/no-such-route.ts';
import { publicError } from './errors/public-error.ts';
import { statusOf } from './errors/status-of.ts';
import type { HttpApp, HttpContext, HttpEnvironment, HttpParts } from './http-parts.ts';
import { addNativeRoutes } from './native/native-routes.ts';
import { createMetrics } from './observation/metrics.ts';
import type { Metrics } from './observation/metrics.ts';
import { observeBody } from './observation/observe-body.ts';
import { RunningRequests } from './observation/running-requests.ts';
import { addRootRoutes } from './root-routes.ts';
import type { WebPage } from './root-routes.ts';

/** Adds the routes of a protocol to the app. */
export type AddRoutes = (app: HttpApp, parts: HttpParts) => void;

export interface AppOptions {
  /** Address or name that the service listens on. */
  readonly listenHost: string;
  /** What a browser gets at `/`; null for none. */
  readonly page: WebPage | null;
  /** Protocols beside the native one. */
  readonly protocols: readonly AddRoutes[];
  /** Milliseconds of a clock that only moves forward. */
  readonly clock: () => number;
  /** Told of each request when it is over. */
  readonly onRequest?: (trace: RequestTrace) => void;
  /** Told of failures inside the service, whose messages clients are not shown. */
  readonly onFailure?: (error: ServiceError, trace: RequestTrace) => void;
}

/** The Node objects behind a request, where there are any. */
export interface Connection {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** What was taken from the path before the request was made. */
  readonly prefixes: Prefixes;
}

/** The service as a function from requests to replies. */
export interface HttpService {
  /** Never throws. Without a connection the end of a reply is told by its body. */
  fetch(request: Request, connection?: Connection): Promise<Response>;
  readonly running: RunningRequests;
}

/** Puts the routes of all protocols behind one admission, one shape of errors a protocol, one audit line a request. */
export function createApp(parts: HttpParts, options: AppOptions): HttpService {
  const metrics: Metrics = createMetrics({
    version: parts.version,
    gauges: () => parts.gateway.gauges(),
    open: (): number => running.size,
  });
  const finish = (trace: RequestTrace): void => {
    parts.audit.append(requestEvent(parts.auditContents ? trace : withoutContents(trace)));
    metrics.observe(trace);
    options.onRequest?.(trace);
  };
  const running = new RunningRequests({ clock: options.clock, onOver: finish });
  const app: HttpApp = new Hono<HttpEnvironment>({ strict: false });
  app.use(admission({ parts, running, listenHost: options.listenHost }));
  app.onError((error, context) => failed(error, context, options));
  app.notFound((context) => {
    const { error, allow } = noSuchRoute(app, context.req.path);
    const reply = failed(error, context, options);
    if (allow !== '') reply.headers.set('allow', allow);
    return reply;
  });
  addRootRoutes(app, { parts, metrics, page: options.page });
  addNativeRoutes(app, parts);
  for (const addRoutes of options.protocols) addRoutes(app, parts);
  return { running, fetch: (request, connection) => serve(app, running, { request, connection }) };
}

interface Incoming {
  readonly request: Request;
  readonly connection: Connection | undefined;
}

async function serve(app: HttpApp, running: RunningRequests, { request, connection }: Incoming): Promise<Response> {
  const { request: stripped, key, project } = stripRequest(request);
  const arrival: Arrival = {
    pathKey: key ?? connection?.prefixes.key ?? null,
    pathProject: project ?? connection?.prefixes.project ?? null,
    connection,
    run: null,
    origin: null,
  };
  const response = withHeaders(await app.fetch(stripped, arrival), arrival, running.isStopping);
  const { run } = arrival;
  run?.replied(response.status);
  return run === null || connection !== undefined ? response : observeBody(response, (isSent) => run.closed(isSent));
}

function failed(thrown: Error, context: HttpContext, { onFailure }: AppOptions): Response {
  const { run } = context.env as Arrival;
  const request = { id: run?.trace.id ?? '', signal: run?.signal ?? new AbortController().signal };
  const error = publicError(thrown, request);
  if (run !== null) {
    run.trace.error ??= error.code;
    if (statusOf(error) === 500) onFailure?.(toServiceError(error.cause), run.trace);
  }
  return errorReply(protocolOf(context.req.path), error);
}

/** Adds what every reply carries. */
function withHeaders(response: Response, { run, origin }: Arrival, isStopping: boolean): Response {
  const added: Record<string, string> = {
    'x-content-type-options': 'nosniff',
    ...(run === null ? {} : { 'x-request-id': run.trace.id }),
    ...(origin === null ? {} : corsHeaders(origin)),
    ...(isStopping ? { connection: 'close' } : {}),
  };
  try {
    for (const name in added) response.headers.set(name, added[name]!);
    return response;
  } catch {
    // The headers of a reply that was fetched from elsewhere cannot be changed.
    const headers = new Headers(response.headers);
    for (const name in added) headers.set(name, added[name]!);
    return new Response(response.body, { status: response.status, headers });
  }
}

/** A second lock: what was asked and answered is noted only where the configuration asks for it. */
function withoutContents(trace: RequestTrace): RequestTrace {
  const kept = { ...trace };
  delete kept.question;
  delete kept.answer;
  return kept;
}

import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { ServiceError } from '../../core/errors.ts';
import type { ModelEndpoint } from '../allowed-host.ts';
import { connectionError, isLostConnection } from '../model-error.ts';
import type { RequestBounds } from './request-watch.ts';
import { RequestWatch } from './request-watch.ts';

/** A request to a model server. */
export interface ExchangeRequest {
  readonly method: string;
  /** Whole path on the server, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream is sent as it comes, and once. */
  readonly body: string | Readable | null;
  /** False for what must not happen twice: then no connection is used that may have gone stale. */
  readonly isRepeatable: boolean;
}

/** An answer whose head has come. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Fails with `model_unavailable`, `model_timeout` or `aborted`; leaving it early ends the connection. */
  readonly chunks: AsyncGenerator<Uint8Array>;
  /** Says that what matters was read: the reader may leave without ending the connection, which is used again. */
  readonly release: () => void;
  /** Ends the connection at once. */
  readonly discard: () => void;
}

interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

// Own agents: the global ones may have been told to use the proxies of the environment.
const keeping = { keepAlive: true, scheduling: 'lifo', maxFreeSockets: 256 } as const;
const kept: Agents = { http: new HttpAgent(keeping), https: new HttpsAgent(keeping) };
const fresh: Agents = { http: new HttpAgent({ keepAlive: false }), https: new HttpsAgent({ keepAlive: false }) };

/** No answer of a model server is this long; a larger one is a fault or an attack. */
const maxAnswerBytes = 256 * 1024 * 1024;
/** The end of an answer comes right behind its last line; a connection is not worth waiting longer for. */
const drainMs = 1_000;

/**
 * Sends a request to a model server and waits for the head of the answer: never through a proxy, never after a redirect,
 * always within limits. Connections are kept. One that turns out to be stale before the answer has begun costs a second
 * attempt on a fresh one, no error. Errors: `model_unavailable`, `model_timeout`, `aborted`.
 */
export async function openExchange(request: ExchangeRequest, bounds: RequestBounds): Promise<OpenAnswer> {
  if (bounds.signal?.aborted === true)
    throw connectionError(new DOMException('aborted', 'AbortError'), bounds.endpoint);
  return attempt(request, bounds, request.isRepeatable ? kept : fresh);
}

async function attempt(request: ExchangeRequest, bounds: RequestBounds, agents: Agents): Promise<OpenAnswer> {
  const client = startRequest(request, bounds.endpoint, agents);
  const watch = new RequestWatch(bounds, client);
  try {
    const incoming = await answerHead(client, watch, request.body);
    return toAnswer(incoming, watch, bounds.endpoint);
  } catch (error) {
    watch.end();
    client.destroy();
    if (agents === kept && client.reusedSocket && isLostConnection(error)) return attempt(request, bounds, fresh);
    throw connectionError(error, bounds.endpoint);
  }
}

function startRequest(request: ExchangeRequest, endpoint: ModelEndpoint, agents: Agents): ClientRequest {
  const base = new URL(endpoint.baseUrl);
  const secure = base.protocol === 'https:';
  return (secure ? requestHttps : requestHttp)(base, {
    method: request.method,
    path: request.path,
    headers: framed(request),
    agent: secure ? agents.https : agents.http,
    ...(endpoint.socketPath === null ? {} : { socketPath: endpoint.socketPath }),
    ...(base.hostname === 'localhost' ? { lookup: lookupLocalhost } : {}),
  });
}

/** For methods that mostly have no body Node would send one without saying where it ends. */
function framed({ headers, body }: ExchangeRequest): Readonly<Record<string, string>> {
  if (typeof body === 'string') return { ...headers, 'content-length': String(Buffer.byteLength(body)) };
  return body === null || 'content-length' in headers ? headers : { ...headers, 'transfer-encoding': 'chunked' };
}

/** `localhost` is this machine, whatever a resolver or a hosts file says. */
const lookupLocalhost: LookupFunction = (_hostname, options, done) => {
  if (options.all === true) {
    done(null, [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]);
  } else {
    done(null, '127.0.0.1', 4);
  }
};

function answerHead(
  client: ClientRequest,
  watch: RequestWatch,
  body: ExchangeRequest['body'],
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // Stays: once an answer has begun, its own copy of a failure is the one that counts.
    client.on('error', reject);
    client.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => watch.connected());
      else watch.connected();
    });
    client.once('response', (incoming) => {
      incoming.on('error', () => undefined);
      watch.answered(incoming);
      resolve(incoming);
    });
    if (typeof body === 'string' || body === null) client.end(body ?? undefined);
    else sendStream(client, watch, body);
  });
}

function sendStream(client: ClientRequest, watch: RequestWatch, body: Readable): void {
  let hasAnswer = false;
  client.once('response', () => (hasAnswer = true));
  // The server's silence is counted from the last part that was sent.
  body.on('data', () => {
    if (!hasAnswer) watch.connected();
  });
  pipeline(body, client, (error) => {
    if (error && !hasAnswer) client.destroy(error);
  });
}

function toAnswer(incoming: IncomingMessage, watch: RequestWatch, endpoint: ModelEndpoint): OpenAnswer {
  let isReleased = false;
  async function* read(): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    try {
      watch.reading();
      for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
        watch.read();
        bytes += chunk.byteLength;
        if (bytes > maxAnswerBytes)
          throw new ServiceError('model_unavailable', `${endpoint.label} sent too long an answer.`);
        yield chunk;
        watch.reading();
      }
    } catch (error) {
      throw connectionError(error, endpoint);
    } finally {
      watch.end();
      if (isReleased) drain(incoming);
      else incoming.destroy();
    }
  }
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    chunks: read(),
    release: () => {
      isReleased = true;
    },
    discard: () => {
      watch.end();
      incoming.destroy();
    },
  };
}

/** Reads the end of an answer, so that its connection can be used again. */
function drain(incoming: IncomingMessage): void {
  if (incoming.readableEnded || incoming.destroyed) return;
  const timer = setTimeout(() => incoming.destroy(), drainMs).unref();
  incoming.once('close', () => clearTimeout(timer));
  incoming.resume();
}

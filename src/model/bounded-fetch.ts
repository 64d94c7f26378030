import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { ServiceError } from '../core/errors.ts';
import type { ModelEndpoint } from './allowed-host.ts';
import { connectionError, timeoutError } from './model-error.ts';

/** How long each part of a request may take, in milliseconds. */
export interface RequestLimits {
  readonly connectMs: number;
  /** From the connection to the answer's first byte; includes loading a model and reading a prompt. */
  readonly firstByteMs: number;
  /** Between two pieces of an answer. */
  readonly idleMs: number;
}

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

/** No answer of a model server is this long; a larger one is a fault or an attack. */
const maxAnswerBytes = 256 * 1024 * 1024;

// Own agents: the global ones may have been told to use the proxies of the environment. No connection is kept, so that
// none can have gone stale.
const httpAgent = new HttpAgent({ keepAlive: false });
const httpsAgent = new HttpsAgent({ keepAlive: false });

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
    const stopped = new DOMException('aborted', 'AbortError');
    if (signal?.aborted === true) throw connectionError(stopped, endpoint);
    const request = openRequest(endpoint, url, init);
    let running: ClientRequest | IncomingMessage = request;
    const abort = (): void => void running.destroy(stopped);
    signal?.addEventListener('abort', abort, { once: true });
    const finished = (): void => signal?.removeEventListener('abort', abort);
    try {
      const body = typeof init?.body === 'string' ? init.body : '';
      const incoming = await firstByte({ request, endpoint, limits, body });
      running = incoming;
      return toResponse(incoming, bodyChunks(incoming, { endpoint, limits, finished }));
    } catch (error) {
      finished();
      request.destroy();
      throw connectionError(error, endpoint);
    }
  };
}

function openRequest(endpoint: ModelEndpoint, url: URL, init: RequestInit | undefined): ClientRequest {
  const secure = url.protocol === 'https:';
  return (secure ? requestHttps : requestHttp)(url, {
    method: init?.method ?? 'GET',
    headers: Object.fromEntries(new Headers(init?.headers)),
    agent: secure ? httpsAgent : httpAgent,
    ...(endpoint.socketPath === null ? {} : { socketPath: endpoint.socketPath }),
    ...(url.hostname === 'localhost' ? { lookup: lookupLocalhost } : {}),
  });
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

interface Opening {
  readonly request: ClientRequest;
  readonly endpoint: ModelEndpoint;
  readonly limits: RequestLimits;
  readonly body: string;
}

/** Sends a request and waits for the head of its answer. */
function firstByte({ request, endpoint, limits, body }: Opening): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const expire = (what: string, limitMs: number): NodeJS.Timeout =>
      setTimeout(() => request.destroy(timeoutError(endpoint, what, limitMs)), limitMs);
    let timer = expire('did not accept a connection', limits.connectMs);
    const connected = (): void => {
      clearTimeout(timer);
      timer = expire('sent no answer', limits.firstByteMs);
    };
    request.once('socket', (socket) => socket.once('connect', connected));
    request.once('close', () => clearTimeout(timer));
    request.once('error', reject);
    request.once('response', (incoming) => {
      clearTimeout(timer);
      // From here on a failure is the body's; the request's own copy of it must not be unhandled.
      request.on('error', () => undefined);
      resolve(incoming);
    });
    request.end(body);
  });
}

function toResponse(incoming: IncomingMessage, chunks: AsyncGenerator<Uint8Array>): Response {
  const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  );
  const status = incoming.statusCode ?? 0;
  return new Response([204, 205, 304].includes(status) ? null : toStream(incoming, chunks), { status, headers });
}

/** Unlike `ReadableStream.from`, whose cancelling waits for the next chunk, this one ends the connection at once. */
function toStream(incoming: IncomingMessage, chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      incoming.destroy();
      await chunks.return(undefined);
    },
  });
}

interface BodyReading {
  readonly endpoint: ModelEndpoint;
  readonly limits: RequestLimits;
  readonly finished: () => void;
}

async function* bodyChunks(
  incoming: IncomingMessage,
  { endpoint, limits, finished }: BodyReading,
): AsyncGenerator<Uint8Array> {
  const expire = (): NodeJS.Timeout =>
    setTimeout(() => incoming.destroy(timeoutError(endpoint, 'fell silent', limits.idleMs)), limits.idleMs);
  let timer = expire();
  let bytes = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      bytes += chunk.byteLength;
      if (bytes > maxAnswerBytes)
        throw new ServiceError('model_unavailable', `${endpoint.label} sent too long an answer.`);
      yield chunk;
      timer = expire();
    }
  } catch (error) {
    throw connectionError(error, endpoint);
  } finally {
    clearTimeout(timer);
    finished();
    incoming.destroy();
  }
}

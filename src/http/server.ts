import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { ServiceError } from '../core/errors.ts';
import { isLoopback } from './admission/hosts.ts';
import { stripPath } from './admission/prefixes.ts';
import type { Prefixes } from './admission/prefixes.ts';
import { createApp } from './app.ts';
import type { AppOptions, Connection, HttpService } from './app.ts';
import { withStatus } from './errors/status-of.ts';
import type { HttpParts } from './http-parts.ts';

/** Certificate and private key, as PEM texts. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** Bounds on what a client may take, in milliseconds and numbers. */
export interface ServerLimits {
  /** For the head of a request. */
  readonly headerMs: number;
  /** For a whole request with its body. */
  readonly requestMs: number;
  readonly connections: number;
  /** For a client to take some of its reply: one that stays and reads nothing would keep its place at the model for ever. */
  readonly stallMs: number;
  /** For requests in flight when the service is told to stop. */
  readonly drainMs: number;
  /** For their clients to hear that they were stopped. */
  readonly farewellMs: number;
}

export interface ServerOptions extends Omit<AppOptions, 'listenHost'> {
  readonly parts: HttpParts;
  /** Address or name to listen on. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly tls: TlsFiles | null;
  /** Whether requests without a key are served. */
  readonly allowAnonymous: boolean;
  readonly limits?: Partial<ServerLimits>;
}

/** A service that listens. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:11435`. */
  readonly url: string;
  readonly port: number;
  /** Sentences that whoever started it should read. */
  readonly notices: readonly string[];
  /**
   * Stops accepting, gives requests in flight the time to end, ends the rest with their protocol's error. True when all ended by
   * themselves.
   */
  close(): Promise<boolean>;
}

const standardLimits: ServerLimits = {
  headerMs: 10_000,
  // Models are uploaded through it, too.
  requestMs: 300_000,
  connections: 2_000,
  stallMs: 60_000,
  drainMs: 10_000,
  farewellMs: 1_000,
};

/** Listens for requests. Errors: `config_invalid` for an address that cannot be used, or not without a key. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, tls, allowAnonymous } = options;
  const limits = { ...standardLimits, ...options.limits };
  if (allowAnonymous && !isLoopback(host)) throw needsKey(host);
  const app = createApp(options.parts, { ...options, listenHost: host });
  const server = createServer(app, tls, limits);
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    notices: tls === null && !isLoopback(host) ? [unencrypted] : [],
    close: () => drain(app, server, limits),
  };
}

const unencrypted =
  'Keys, questions and code cross the network unencrypted. Give --tls-cert and --tls-key, or put a proxy with TLS in front.';

function needsKey(host: string): ServiceError {
  return new ServiceError(
    'config_invalid',
    `Without keys the service must not be reachable from other machines, and ${host} is. Leave out --no-auth, or listen on 127.0.0.1.`,
  );
}

function createServer(app: HttpService, tls: TlsFiles | null, limits: ServerLimits): Server {
  const prefixes = new WeakMap<IncomingMessage, Prefixes>();
  const respond = getRequestListener((request, connection) => {
    const { incoming, outgoing } = connection as Omit<Connection, 'prefixes'>;
    return app.fetch(request, { incoming, outgoing, prefixes: prefixes.get(incoming)! });
  });
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    // Here a key in the path costs nothing, and nothing that could fail has seen it.
    const { path, key, project } = stripPath(incoming.url ?? '/');
    incoming.url = path;
    prefixes.set(incoming, { key, project });
    outgoing.on('timeout', endStalled);
    void respond(incoming, outgoing);
  };
  const settings = {
    headersTimeout: limits.headerMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(limits.headerMs, 5_000),
    keepAliveTimeout: 30_000,
    maxHeaderSize: 16_384,
  };
  const server =
    tls === null ? createHttpServer(settings, listener) : createTlsServer({ ...settings, ...tls }, listener);
  server.maxConnections = limits.connections;
  server.timeout = limits.stallMs;
  return server;
}

/** Silence while the model thinks is in order; bytes that nobody takes are not. */
function endStalled(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}

function createTlsServer(
  settings: TlsFiles,
  listener: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): Server {
  try {
    return createHttpsServer(settings, listener);
  } catch (cause) {
    const message = `The certificate and the key do not work together (${(cause as Error).message}). Check --tls-cert and --tls-key: both must be PEM files, of one pair.`;
    throw new ServiceError('config_invalid', message, { cause });
  }
}

async function listen(server: Server, { host, port }: Pick<ServerOptions, 'host' | 'port'>): Promise<void> {
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen({ host, port }, listening.resolve);
  try {
    await listening.promise;
  } catch (cause) {
    throw cannotListen(cause as NodeJS.ErrnoException, { host, port });
  } finally {
    server.off('error', listening.reject);
  }
}

function cannotListen(cause: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): ServiceError {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is in use. Choose another with --port ${port + 1}, or stop what listens there.`,
    EACCES: `This user may not listen on port ${port}. Choose one above 1023 with --port.`,
    EADDRNOTAVAIL: `${host} is no address of this machine. Choose another with --host.`,
    ENOTFOUND: `${host} is no known name. Choose an address of this machine with --host.`,
  };
  const message = reasons[cause.code ?? ''] ?? `Cannot listen on ${host}:${port} (${cause.code ?? cause.message}).`;
  return new ServiceError('config_invalid', message, { cause });
}

async function drain(app: HttpService, server: Server, limits: ServerLimits): Promise<boolean> {
  const closed = Promise.withResolvers<void>();
  app.running.startDraining();
  server.close(() => closed.resolve());
  server.closeIdleConnections();
  const isIdle = await within(limits.drainMs, app.running.whenIdle());
  if (!isIdle) {
    const reason = new ServiceError('aborted', 'The service is shutting down.', { retryAfterSeconds: 5 });
    app.running.stopAll(withStatus(reason, 503));
    await within(limits.farewellMs, app.running.whenIdle());
  }
  server.closeAllConnections();
  await closed.promise;
  return isIdle;
}

/** Whether a promise comes true within some time. */
async function within(milliseconds: number, promise: Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  const timer = setTimeout(() => late.resolve(false), milliseconds);
  try {
    return await Promise.race([promise.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

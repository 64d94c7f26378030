import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { startServer } from '../../src/http/server.ts';
import type { RunningServer, ServerOptions } from '../../src/http/server.ts';
import type { HttpParts } from '../../src/http/http-parts.ts';
import { fakeParts, testKey } from './fake-gateway.ts';

/** A server over parts in memory on a free port of 127.0.0.1, closed when the test ends. */
export async function serveParts(
  changes: Partial<HttpParts> = {},
  options: Partial<ServerOptions> = {},
): Promise<RunningServer> {
  const server = await startServer({
    parts: { ...fakeParts(), ...changes },
    host: '127.0.0.1',
    port: 0,
    tls: null,
    allowAnonymous: false,
    page: null,
    protocols: [],
    clock: () => performance.now(),
    ...options,
    limits: { drainMs: 0, farewellMs: 100, ...options.limits },
  });
  onTestFinished(async () => {
    await server.close();
  });
  return server;
}

/** A connection that a test writes bytes to. */
export async function rawConnection(port: number): Promise<{ socket: Socket; received: () => Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  return {
    socket,
    received: async () => {
      await closed;
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}

/** Headers of a JSON request with the test key. */
export const jsonHeaders = { authorization: `Bearer ${testKey}`, 'content-type': 'application/json' };

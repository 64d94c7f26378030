import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { resolveEndpoint } from '../../../src/model/allowed-host.ts';
import { readText } from '../../../src/model/json-answer.ts';
import { openExchange } from '../../../src/model/transport/http-exchange.ts';
import type { ExchangeRequest, OpenAnswer } from '../../../src/model/transport/http-exchange.ts';
import type { RequestLimits } from '../../../src/model/transport/request-watch.ts';
import { retryEarly } from '../../../src/model/transport/retry-early.ts';
import { startRawServer } from '../../support/raw-server.ts';
import type { RawServer } from '../../support/raw-server.ts';

const patient: RequestLimits = { connectMs: 5_000, firstByteMs: 5_000, idleMs: 5_000 };
const get: ExchangeRequest = { method: 'GET', path: '/', headers: {}, body: null, isRepeatable: true };

function open(
  server: RawServer,
  more: Partial<ExchangeRequest & RequestLimits> = {},
  signal?: AbortSignal,
): Promise<OpenAnswer> {
  const endpoint = resolveEndpoint(server.url, []);
  return openExchange({ ...get, ...more }, { endpoint, limits: { ...patient, ...more }, signal });
}
const text = async (answer: Promise<OpenAnswer>): Promise<string> => readText((await answer).chunks);

describe('connections', () => {
  it('are kept, also behind an answer whose last line was all that mattered', async () => {
    await using server = await startRawServer((_request, response) => {
      response.write('a line\n');
      setImmediate(() => response.end());
    });
    for (let index = 0; index < 3; index += 1) {
      const answer = await open(server);
      for await (const _ of answer.chunks) {
        answer.release();
        break;
      }
      // The end has come when the connection is free again; it is used by the next request.
      await new Promise(setImmediate);
      expect(await text(open(server))).toBe('a line\n');
    }
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it('that have gone stale cost a second attempt, not an error', async () => {
    let requests = 0;
    await using server = await startRawServer((request, response) => {
      requests += 1;
      // The connection ends just as the second request comes on it.
      if (requests === 2) request.socket.destroy();
      else response.end('fine');
    });
    expect(await text(open(server, { method: 'POST', body: 'x' }))).toBe('fine');
    expect(await text(open(server, { method: 'POST', body: 'x' }))).toBe('fine');
    expect([requests, server.connections()]).toEqual([3, 2]);
  });

  it('are fresh for what must not happen twice', async () => {
    let requests = 0;
    await using server = await startRawServer((request, response) => {
      requests += 1;
      if (requests === 2) request.socket.destroy();
      else response.end('fine');
    });
    expect(await text(open(server))).toBe('fine');
    await expect(open(server, { method: 'DELETE', isRepeatable: false })).rejects.toMatchObject({
      code: 'model_unavailable',
    });
    expect([requests, server.connections()]).toEqual([2, 2]);
  });

  it('end at once when a caller leaves in the middle of an answer', async () => {
    const gone = Promise.withResolvers<void>();
    await using server = await startRawServer((_request, response) => {
      response.once('close', gone.resolve);
      response.write('one');
    });
    for await (const _ of (await open(server)).chunks) break;
    await expect(gone.promise).resolves.toBeUndefined();
  });
});

describe('limits', () => {
  const trickle = (_request: IncomingMessage, response: ServerResponse): void => {
    const timer = setInterval(() => response.write('x'), 5);
    response.once('close', () => clearInterval(timer));
  };

  it('hold in all, though the answer never falls silent', async () => {
    await using server = await startRawServer(trickle);
    await expect(text(open(server, { totalMs: 100 }))).rejects.toMatchObject({
      code: 'model_timeout',
      message: expect.stringMatching(/did not end its answer within 0.1 s.*--model-total-timeout-ms/),
    });
  });

  it('do not count the time that a reader takes', async () => {
    const goOn = Promise.withResolvers<void>();
    await using server = await startRawServer((_request, response) => {
      response.write('one');
      void goOn.promise.then(() => response.end('two'));
    });
    const { chunks } = await open(server, { idleMs: 20 });
    await chunks.next();
    // Twice as long as the server may be silent, while nobody waits for it.
    await once(AbortSignal.timeout(40), 'abort');
    goOn.resolve();
    expect(Buffer.from((await chunks.next()).value as Uint8Array).toString()).toBe('two');
  });

  it('leave nothing behind on the signal of a caller', async () => {
    await using server = await startRawServer((_request, response) => response.end('fine'));
    const stop = new AbortController();
    let listeners = 0;
    const add = stop.signal.addEventListener.bind(stop.signal);
    const remove = stop.signal.removeEventListener.bind(stop.signal);
    stop.signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    stop.signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    expect(await text(open(server, {}, stop.signal))).toBe('fine');
    expect(listeners).toBe(0);
  });
});

describe('retrying early', () => {
  it('happens once for a connection that was refused', async () => {
    const server = await startRawServer((_request, response) => response.end());
    await server[Symbol.asyncDispose]();
    let attempts = 0;
    const attempt = (): Promise<OpenAnswer> => {
      attempts += 1;
      return open(server);
    };
    await expect(retryEarly(attempt)).rejects.toMatchObject({ code: 'model_unavailable' });
    expect(attempts).toBe(2);
  });

  it('never happens for other failures, nor after a caller has left', async () => {
    let attempts = 0;
    const failing = (): Promise<never> => {
      attempts += 1;
      return Promise.reject(new Error('other'));
    };
    await expect(retryEarly(failing)).rejects.toThrow('other');
    expect(attempts).toBe(1);
  });
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request as a fake server got it. */
export interface SeenRequest {
  readonly path: string;
  /** The header of that name, null when there was none. */
  readonly authorization: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a path answers: a JSON value with status 200, or a function that does as it likes with the response. */
export type FakeAnswer =
  | Readonly<Record<string, unknown>>
  | ((response: ServerResponse, request: SeenRequest) => void | Promise<void>);

/** A model server that answers as a test wants, for what a real one cannot be made to do. */
export interface FakeServer extends AsyncDisposable {
  /** `http://host:port`, or `unix:/path`. */
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Resolves when a client has closed a connection before its answer was complete. */
  readonly abandoned: Promise<void>;
}

/** Starts a server that answers by path. */
export async function startFakeServer(
  paths: Readonly<Record<string, FakeAnswer>>,
  listenOn: { readonly socketPath: string } | null = null,
): Promise<FakeServer> {
  const seen: SeenRequest[] = [];
  const abandoned = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    response.once('close', () => {
      if (!response.writableFinished) abandoned.resolve();
    });
    void answerRequest(request, response);
  });
  const answerRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one = await readRequest(request);
    seen.push(one);
    const answer = paths[one.path];
    if (answer === undefined) sendJson(response, { error: 'no such path' }, 404);
    else if (typeof answer === 'function') await answer(response, one);
    else sendJson(response, answer);
  };
  server.listen(listenOn === null ? { port: 0, host: '127.0.0.1' } : { path: listenOn.socketPath });
  await once(server, 'listening');
  const address = server.address();
  return {
    url:
      typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : `unix:${String(address)}`,
    seen,
    abandoned: abandoned.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const parts: Uint8Array[] = [];
  for await (const part of request as AsyncIterable<Uint8Array>) parts.push(part);
  const text = Buffer.concat(parts).toString();
  return {
    path: request.url ?? '',
    authorization: request.headers.authorization ?? null,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

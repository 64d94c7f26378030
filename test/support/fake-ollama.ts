import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request as the fake server got it. */
export interface SeenRequest {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a path answers: a JSON value with status 200, or a function that does as it likes with the response. */
export type FakeAnswer =
  | Readonly<Record<string, unknown>>
  | ((response: ServerResponse, request: SeenRequest) => void | Promise<void>);

/** A server that speaks Ollama's protocol, for what a real one cannot be made to do. */
export interface FakeOllama extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Resolves when a client has closed a connection before its answer was complete. */
  readonly abandoned: Promise<void>;
}

const model = { name: 'tiny:latest', model: 'tiny:latest', digest: 'd1' };
const shown = {
  capabilities: ['completion'],
  model_info: { 'general.architecture': 'llama', 'llama.context_length': 8_192, 'llama.embedding_length': 2 },
};

/** Starts a fake server; it knows the model `tiny`, and `answers` adds to or replaces its paths. */
export async function startFakeOllama(
  answers: Readonly<Record<string, FakeAnswer>>,
  listenOn: { readonly socketPath: string } | null = null,
): Promise<FakeOllama> {
  const paths: Readonly<Record<string, FakeAnswer>> = {
    '/api/tags': { models: [model] },
    '/api/show': shown,
    ...answers,
  };
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

/** Writes lines of a stream; `end` closes it as a server does that has said everything. */
export function sendLines(response: ServerResponse, lines: readonly unknown[], end = true): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  for (const line of lines) response.write(`${JSON.stringify(line)}\n`);
  if (end) response.end();
}

/** A line of a chat answer. */
export function chatLine(content: string): object {
  return { model: 'tiny', created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', content }, done: false };
}

/** The last line of a chat answer. */
export function lastLine(counts: Readonly<Record<string, unknown>> = {}): object {
  return { ...chatLine(''), done: true, done_reason: 'stop', prompt_eval_count: 100, eval_count: 3, ...counts };
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const parts: Uint8Array[] = [];
  for await (const part of request as AsyncIterable<Uint8Array>) parts.push(part);
  const text = Buffer.concat(parts).toString();
  return { path: request.url ?? '', body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

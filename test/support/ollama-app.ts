import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { toServiceError } from '../../src/core/errors.ts';
import type { RequestContext } from '../../src/core/gateway/exchange.ts';
import { errorReply } from '../../src/http/errors/error-reply.ts';
import type { HttpApp, HttpEnvironment, HttpParts } from '../../src/http/http-parts.ts';
import { addOllamaRoutes } from '../../src/http/ollama/ollama-routes.ts';
import type { OllamaTiming } from '../../src/http/ollama/ollama-routes.ts';

/** The Ollama routes behind the least that they need: somebody who asks, and errors in their protocol's shape. */
export function ollamaApp(parts: HttpParts, timing?: OllamaTiming): HttpApp {
  const app: HttpApp = new Hono<HttpEnvironment>({ strict: false });
  app.use(async (context, next) => {
    const key = context.req.header('authorization')?.replace(/^Bearer /, '') ?? null;
    const { method, raw } = context.req;
    const trace = { id: parts.newId(), startedAt: '', method, route: context.req.path, clientAddress: '' };
    const request: RequestContext = { caller: parts.gatekeeper.admit(key), trace, signal: raw.signal };
    context.set('request', request);
    context.set('pathProject', null);
    await next();
  });
  app.onError((thrown) => errorReply('ollama', toServiceError(thrown)));
  app.notFound(() => Response.json({ error: 'There is nothing at this path.' }, { status: 404 }));
  app.on(['GET', 'HEAD'], '/', (context) => context.text('Ollama is running'));
  addOllamaRoutes(app, parts, timing);
  return app;
}

/** An app behind a real socket. */
export interface RunningApp extends AsyncDisposable {
  readonly url: string;
}

/** Listens on a free port of this machine. */
export async function listen(app: HttpApp): Promise<RunningApp> {
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
  if (!server.listening) await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

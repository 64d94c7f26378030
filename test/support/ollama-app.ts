import { Hono } from 'hono';
import { toServiceError } from '../../src/core/errors.ts';
import type { RequestContext } from '../../src/core/gateway/exchange.ts';
import { errorStatuses } from '../../src/http/error-status.ts';
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
  app.onError((thrown) => {
    const error = toServiceError(thrown);
    return Response.json({ error: error.message }, { status: errorStatuses[error.code] });
  });
  app.on(['GET', 'HEAD'], '/', (context) => context.text('Ollama is running'));
  addOllamaRoutes(app, parts, timing);
  return app;
}

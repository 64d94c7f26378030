import type { HttpApp, HttpParts } from '../http-parts.ts';
import { addAdminRoutes } from './admin-routes.ts';
import { addAnswerRoutes } from './answer-routes.ts';
import { addEmbeddingRoutes } from './embedding-routes.ts';
import { addModelRoutes } from './model-routes.ts';

/** Methods of each path; Ollama answers HEAD only where it is named. */
const methods: Readonly<Record<string, readonly string[]>> = {
  '/api/version': ['HEAD', 'GET'],
  '/api/tags': ['HEAD', 'GET'],
  '/api/ps': ['GET'],
  '/api/show': ['POST'],
  '/api/generate': ['POST'],
  '/api/chat': ['POST'],
  '/api/embed': ['POST'],
  '/api/embeddings': ['POST'],
  '/api/pull': ['POST'],
  '/api/push': ['POST'],
  '/api/create': ['POST'],
  '/api/copy': ['POST'],
  '/api/delete': ['DELETE'],
  '/api/blobs/:digest': ['HEAD', 'POST'],
};

/** How long a stream may be silent. */
export interface OllamaTiming {
  /**
   * Milliseconds after which a line without content is sent: before the first event, and again after each such silence. Cline gives up
   * when no head has come in 30 s, proxies often after 60 s without a byte.
   */
  readonly silenceMs: number;
}

const standardTiming: OllamaTiming = { silenceMs: 10_000 };

/** Adds the routes of Ollama's protocol. README.md here tells where they say more than Ollama, and where they differ. */
export function addOllamaRoutes(app: HttpApp, parts: HttpParts, timing: OllamaTiming = standardTiming): void {
  for (const [path, allowed] of Object.entries(methods)) {
    app.all(path, (context, next) => {
      if (allowed.includes(context.req.method)) return next();
      const headers = { allow: allowed.join(', '), 'content-type': 'text/plain' };
      return Promise.resolve(new Response('405 method not allowed', { status: 405, headers }));
    });
  }
  addModelRoutes(app, parts);
  addAnswerRoutes(app, parts, timing.silenceMs);
  addEmbeddingRoutes(app, parts);
  addAdminRoutes(app, parts);
}

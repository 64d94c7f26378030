import { ServiceError } from '../../core/errors.ts';
import { requireAdmin } from '../../core/gateway/caller.ts';
import type { ForwardedRequest } from '../../core/gateway/model-server.ts';
import type { HttpApp, HttpContext, HttpParts } from '../http-parts.ts';
import { readBody } from '../read-body.ts';
import { isUnset } from './ollama-call.ts';
import { passedOn } from './pass-on.ts';
import { pullBody } from './request-schemas.ts';

/** Adds what changes Ollama's models, for callers with the admin scope: pull, create, copy, delete, blobs. */
export function addAdminRoutes(app: HttpApp, { gateway }: HttpParts): void {
  const pass = async (context: HttpContext, path: string, body: ForwardedRequest['body']): Promise<Response> => {
    const request = context.get('request');
    const sent = { method: context.req.method, path, headers: contentHeaders(context, body), body };
    return passedOn(await gateway.forward(sent, request), request);
  };

  for (const path of ['/api/create', '/api/copy', '/api/delete'] as const) {
    app.on(['POST', 'DELETE'], path, async (context) => {
      checkAdmin(context);
      return pass(context, path, await context.req.text());
    });
  }

  app.post('/api/pull', async (context) => {
    checkAdmin(context);
    const { name, ...body } = await readBody(context, pullBody);
    const asked = isUnset(body.model) ? name : body.model;
    // Ollama's library has no model of an alias's name.
    const model = isUnset(asked) ? '' : gateway.resolveModel(asked);
    return pass(context, '/api/pull', JSON.stringify({ ...body, model }));
  });

  // Hono takes HEAD for GET; a real GET does not come this far. Weights are too large to be held: they stream through.
  app.on(['GET', 'POST'], '/api/blobs/:digest', (context) => {
    checkAdmin(context);
    return pass(context, `/api/blobs/${digestOf(context)}`, context.req.raw.body);
  });

  app.post('/api/push', () => {
    throw new ServiceError(
      'forbidden',
      'Lorekeep sends no model to a registry: nothing leaves this machine. `ollama push` does, if that is what you want.',
    );
  });
}

function checkAdmin(context: HttpContext): void {
  requireAdmin(context.get('request').caller, 'Changing models');
}

/** What tells of the body; keys and cookies of the caller are not for Ollama. Only of a stream the length is not seen. */
function contentHeaders(context: HttpContext, body: ForwardedRequest['body']): Readonly<Record<string, string>> {
  const type = context.req.header('content-type') ?? 'application/json';
  const length = context.req.header('content-length');
  return { 'content-type': type, ...(typeof body === 'string' || !length ? {} : { 'content-length': length }) };
}

function digestOf(context: HttpContext): string {
  const digest = context.req.param('digest') ?? '';
  if (/^sha256[:-][0-9a-f]{64}$/i.test(digest)) return digest;
  throw new ServiceError('request_invalid', `"${digest}" is no digest: write sha256: and 64 hexadecimal digits.`);
}

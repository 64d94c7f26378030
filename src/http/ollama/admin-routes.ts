import { ServiceError } from '../../core/errors.ts';
import { requireAdmin } from '../../core/gateway/caller.ts';
import type { HttpApp, HttpContext, HttpParts } from '../http-parts.ts';
import { readBody } from '../read-body.ts';
import { isUnset } from './ollama-call.ts';
import { passedOn } from './pass-on.ts';
import { pullBody } from './request-schemas.ts';

/** Adds what changes Ollama's models, for callers with the admin scope: pull, create, copy, delete, blobs. Bodies stream both ways. */
export function addAdminRoutes(app: HttpApp, { gateway }: HttpParts): void {
  const pass = async (context: HttpContext, path: string, body: string | null = null): Promise<Response> => {
    const request = context.get('request');
    requireAdmin(request.caller, 'Changing models');
    const { method, raw } = context.req;
    // Keys and cookies of the caller are not for Ollama.
    const headers = { 'content-type': context.req.header('content-type') ?? 'application/json' };
    return passedOn(await gateway.forward({ method, path, headers, body: body ?? raw.body }, request), request);
  };

  app.post('/api/create', (context) => pass(context, '/api/create'));
  app.post('/api/copy', (context) => pass(context, '/api/copy'));
  app.delete('/api/delete', (context) => pass(context, '/api/delete'));

  app.post('/api/pull', async (context) => {
    requireAdmin(context.get('request').caller, 'Changing models');
    const { name, ...body } = await readBody(context, pullBody);
    const asked = isUnset(body.model) ? name : body.model;
    // Ollama's library has no model of an alias's name.
    const model = isUnset(asked) ? '' : gateway.resolveModel(asked);
    return pass(context, '/api/pull', JSON.stringify({ ...body, model }));
  });

  // Hono takes HEAD for GET; a real GET does not come this far.
  app.on(['GET', 'POST'], '/api/blobs/:digest', (context) => pass(context, `/api/blobs/${digestOf(context)}`));

  app.post('/api/push', () => {
    throw new ServiceError(
      'forbidden',
      'Lorekeep sends no model to a registry: nothing leaves this machine. `ollama push` does, if that is what you want.',
    );
  });
}

function digestOf(context: HttpContext): string {
  const digest = context.req.param('digest') ?? '';
  if (/^sha256[:-][0-9a-f]{64}$/i.test(digest)) return digest;
  throw new ServiceError('request_invalid', `"${digest}" is no digest: write sha256: and 64 hexadecimal digits.`);
}

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
    const { method } = context.req;
    const sent = { method, path, headers: contentHeaders(context), body: body ?? context.req.raw.body };
    return passedOn(await gateway.forward(sent, request), request);
  };

  app.post('/api/create', (context) => pass(context, '/api/create'));
  app.post('/api/copy', (context) => pass(context, '/api/copy'));
  app.delete('/api/delete', (context) => pass(context, '/api/delete'));

  app.post('/api/pull', async (context) => {
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

/** What tells of the body; keys and cookies of the caller are not for Ollama. */
function contentHeaders(context: HttpContext): Readonly<Record<string, string>> {
  const names = ['content-type', 'content-length'];
  const given = names.map((name) => [name, context.req.header(name)] as const);
  return Object.fromEntries(given.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function digestOf(context: HttpContext): string {
  const digest = context.req.param('digest') ?? '';
  if (/^sha256[:-][0-9a-f]{64}$/i.test(digest)) return digest;
  throw new ServiceError('request_invalid', `"${digest}" is no digest: write sha256: and 64 hexadecimal digits.`);
}

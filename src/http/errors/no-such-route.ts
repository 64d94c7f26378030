import { ServiceError } from '../../core/errors.ts';
import type { HttpApp } from '../http-parts.ts';
import { withStatus } from './status-of.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** What is wrong with a request that no route takes: its path (404), or its method (405, with those that are allowed). */
export function noSuchRoute(app: HttpApp, path: string): { readonly error: ServiceError; readonly allow: string } {
  const allowed = methods.filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method !== 'ALL'),
  );
  if (allowed.length === 0) {
    const message = 'There is nothing at this path. GET /openapi.json lists what there is.';
    return { error: withStatus(new ServiceError('request_invalid', message), 404), allow: '' };
  }
  const allow = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  const message = `This path takes ${allow} only.`;
  return { error: withStatus(new ServiceError('request_invalid', message), 405), allow };
}

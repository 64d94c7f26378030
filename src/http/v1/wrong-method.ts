import { ServiceError } from '../../core/errors.ts';
import { errorReply, protocolOf } from '../errors/error-reply.ts';
import { withStatus } from '../errors/status-of.ts';
import type { HttpApp } from '../http-parts.ts';

/** Answers all other methods of a path with 405. To be added behind the path's own routes. */
export function refuseOtherMethods(app: HttpApp, path: string, allowed: string): void {
  app.all(path, (context) => {
    const message = `${context.req.method} is not allowed for this path; use ${allowed}.`;
    const error = withStatus(new ServiceError('request_invalid', message), 405);
    const reply = errorReply(protocolOf(context.req.path), error);
    reply.headers.set('allow', allowed);
    return reply;
  });
}

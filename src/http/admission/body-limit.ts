import { ServiceError } from '../../core/errors.ts';
import { withStatus } from '../errors/status-of.ts';
import type { HttpContext } from '../http-parts.ts';

/**
 * Refuses a body that is too long: at once where its length is said, else when so much has been read. Errors: `request_invalid` with
 * status 413.
 */
export function limitBody(context: HttpContext, maxBytes: number): void {
  const { raw } = context.req;
  if (raw.method === 'GET' || raw.method === 'HEAD') return;
  const length = raw.headers.get('content-length');
  if (length !== null) {
    if (Number(length) > maxBytes) throw tooLarge(maxBytes);
    return;
  }
  const { body } = raw;
  if (body === null) return;
  const { method, headers, signal } = raw;
  const counted = body.pipeThrough(byteLimit(maxBytes));
  context.req.raw = new Request(raw.url, { method, headers, signal, body: counted, duplex: 'half' });
}

function byteLimit(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      controller.enqueue(chunk);
    },
  });
}

function tooLarge(maxBytes: number): ServiceError {
  const message = `The body of the request is too long; at most ${maxBytes} bytes are taken.`;
  return withStatus(new ServiceError('request_invalid', message), 413);
}

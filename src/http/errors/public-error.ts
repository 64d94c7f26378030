import { ServiceError, toServiceError } from '../../core/errors.ts';
import { statusOf } from './status-of.ts';

/**
 * What a client may know of a failure: what went wrong inside the service is left out, with the request's id to find it by in the
 * service's own log. When the request was stopped, the reason for that is told.
 */
export function publicError(
  thrown: unknown,
  request: { readonly id: string; readonly signal: AbortSignal },
): ServiceError {
  const error = stopReason(thrown, request.signal);
  if (statusOf(error) !== 500) return error;
  const message = `Something went wrong inside Lorekeep. Its log says what, under the request ${request.id}.`;
  return new ServiceError(error.code, message, { cause: error });
}

/** Whatever a stopped request failed with follows from its being stopped. */
function stopReason(thrown: unknown, signal: AbortSignal): ServiceError {
  const error = toServiceError(thrown);
  const followsFromStop = error.code === 'aborted' || error.code === 'internal';
  return signal.aborted && followsFromStop ? toServiceError(signal.reason) : error;
}

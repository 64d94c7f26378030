/**
 * The one error type of Lorekeep. A code says what the caller can do; the message says what to do next.
 */
export const errorCodes = [
  'config_invalid',
  'not_indexed',
  'index_incompatible',
  'index_busy',
  'source_unreadable',
  'parser_failed',
  'model_unavailable',
  'model_missing',
  'model_timeout',
  'store_failed',
  'request_invalid',
  'unauthorized',
  'forbidden',
  'rate_limited',
  'blocked_by_guard',
  'aborted',
  'internal',
] as const;

/** Closed union of error codes, named by what the caller can do. */
export type ErrorCode = (typeof errorCodes)[number];

/** Every failure that leaves a part of Lorekeep. Adapters translate library errors once, at their edge. */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  /** When to try again, for `rate_limited` and a `model_unavailable` that will pass; null where nobody can tell. */
  readonly retryAfterSeconds: number | null;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown; retryAfterSeconds?: number }) {
    super(message, options);
    this.name = 'ServiceError';
    this.code = code;
    this.retryAfterSeconds = options?.retryAfterSeconds ?? null;
  }
}

/** Turns any thrown value into a ServiceError; an unknown one becomes `internal`, an abort becomes `aborted`. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new ServiceError('aborted', 'Stopped before it was finished.', { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new ServiceError('internal', `Unexpected failure: ${message}`, { cause: error });
}

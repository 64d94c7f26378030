import { ServiceError } from '../core/errors.ts';
import type { ModelEndpoint } from './allowed-host.ts';

/** An answer with an error status: the `cause` of the ServiceError that it became. */
class HttpFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'HttpFailure';
    this.status = status;
  }
}

/** The HTTP status behind an error of this folder, null if a response was not the reason. */
export function statusOf(error: unknown): number | null {
  return error instanceof ServiceError && error.cause instanceof HttpFailure ? error.cause.status : null;
}

/** True for the failure of a server that has not enough memory for a model. */
export function isOutOfMemoryError(error: ServiceError): boolean {
  return error.cause instanceof HttpFailure && isOutOfMemory(error.cause.message);
}

/**
 * True for a failure that others will meet, too: a server that is gone or hangs, breaks off, crashes or lacks memory. What
 * it says of a single call with status 500 is none, nor that it is busy.
 */
export function isServerDown(error: ServiceError): boolean {
  if (error.code === 'model_timeout') return true;
  if (error.code !== 'model_unavailable') return false;
  const { cause } = error;
  return !(cause instanceof HttpFailure) || isOutOfMemory(cause.message) || isCrash(cause.message);
}

/** A limit ran out: `what` continues "The model server at … ". */
export function timeoutError(endpoint: ModelEndpoint, what: string, limitMs: number): ServiceError {
  return new ServiceError(
    'model_timeout',
    `The model server at ${endpoint.label} ${what} within ${limitMs / 1000} s. It may be overloaded or hung: ` +
      `look at ${endpoint.kind.look}, restart it, choose a smaller model, or allow more time with --model-idle-timeout-ms.`,
  );
}

/** An answer that has not ended in time, though it may still be coming. */
export function totalTimeoutError(endpoint: ModelEndpoint, limitMs: number): ServiceError {
  return new ServiceError(
    'model_timeout',
    `The model server at ${endpoint.label} did not end its answer within ${limitMs / 1000} s. Ask for a shorter answer, ` +
      'choose a smaller model, or allow more time with --model-total-timeout-ms.',
  );
}

/** True for a connection that the other side ended, or that nobody was there to accept. */
export function isLostConnection(error: unknown): boolean {
  const lost = error instanceof ServiceError ? error.cause : error;
  return lost instanceof Error && 'code' in lost && ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(String(lost.code));
}

/** Translates what the network layer throws. */
export function connectionError(error: unknown, endpoint: ModelEndpoint): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new ServiceError('aborted', 'Stopped before the model had answered.', { cause: error });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const refused = ['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'].includes(code);
  const problem = refused
    ? `No model server answers at ${endpoint.label}. ${endpoint.kind.start}`
    : `The connection to the model server at ${endpoint.label} failed (${code || describe(error)}). Look at ${endpoint.kind.look}`;
  const message = `${problem}, or name another one with ${endpoint.kind.urlFlag}.`;
  return new ServiceError('model_unavailable', message, { cause: error });
}

/** What is known of a request that got an error status. */
export interface FailedRequest {
  readonly endpoint: ModelEndpoint;
  readonly status: number;
  /** The server's own words, null when the answer was not in the form of its kind. */
  readonly serverMessage: string | null;
  /** True when the server says by a code of its own that it lacks the model, whatever the status. */
  readonly modelMissing?: boolean;
  /** Model that was asked, '' if none. */
  readonly model: string;
}

/** Translates an error status, or an error line in the middle of a stream (counted as status 500). */
export function statusError(failed: FailedRequest): ServiceError {
  const { endpoint, status, serverMessage, model } = failed;
  if (endpoint.kind.setKey !== null && (status === 401 || status === 403)) return keyError(endpoint, status);
  const cause = new HttpFailure(isTooLong(serverMessage) ? 413 : status, serverMessage ?? `status ${status}`);
  if (serverMessage === null) return otherServerError(endpoint, cause);
  const words = oneLine(serverMessage);
  if ((status === 404 || failed.modelMissing === true) && model !== '') {
    return new ServiceError('model_missing', endpoint.kind.missing({ model, server: endpoint, words }), { cause });
  }
  if ([400, 413, 422].includes(cause.status) || isWrongOption(serverMessage)) {
    return new ServiceError('request_invalid', `The model server refused the request: ${words}`, { cause });
  }
  if (isBusyStatus(status)) {
    const message = `The model server at ${endpoint.label} is busy (${words}). Try again in a moment.`;
    return new ServiceError('model_unavailable', message, { cause });
  }
  if (isOutOfMemory(serverMessage)) {
    const message = `There is not enough memory for the model "${model}" (${words}). ${endpoint.kind.spareMemory}.`;
    return new ServiceError('model_unavailable', message, { cause });
  }
  return new ServiceError(
    'model_unavailable',
    `The model server at ${endpoint.label} failed: ${words}. Its log says more.`,
    { cause },
  );
}

/** True for a server that is overloaded or still loads a model: the same call may pass a moment later. */
export function isBusyStatus(status: number | null): boolean {
  return status === 503 || status === 429;
}

/** Something answers, but not in the form of its kind. */
export function otherServerError({ label, kind }: ModelEndpoint, cause: Error): ServiceError {
  const message = `The server at ${label} does not answer like ${kind.name} (${describe(cause)}). Name the right address with ${kind.urlFlag}.`;
  return new ServiceError('model_unavailable', message, { cause });
}

/** An answer that cannot be matched to the texts that were sent. */
export function vectorCountError({ label }: ModelEndpoint, texts: number): ServiceError {
  return new ServiceError(
    'model_unavailable',
    `The model server at ${label} did not answer with one vector for each of ${texts} texts. Its log may say why.`,
  );
}

/** The server's words are left out: some quote the key. */
function keyError({ label, kind }: ModelEndpoint, status: number): ServiceError {
  const cause = new HttpFailure(status, `status ${status}`);
  const message = `The model server at ${label} wants a key, or refuses the one it got (status ${status}): ${kind.setKey}.`;
  return new ServiceError('config_invalid', message, { cause });
}

/** llama.cpp says that a text is too long for its physical batch with a plain 500, without a code. */
function isTooLong(message: string | null): boolean {
  return message !== null && /\btoo large to process\b/i.test(message);
}

/**
 * A message that must be read: Ollama reports lack of memory as a plain 500 without a code, in its own
 * words ("model requires more system memory (5.5 GiB) than is available") or in those of the engine below it.
 */
function isOutOfMemory(message: string): boolean {
  return /\b(system memory|out of memory|not enough memory|cannot allocate memory|memory allocation|cudaMalloc failed|failed to allocate)\b/i.test(
    message,
  );
}

/** Ollama says with a plain 500 that an option has the wrong type. */
function isWrongOption(message: string): boolean {
  return /^option "[^"]*" must be of type /.test(message);
}

/** What Ollama says when the process that runs a model has crashed. */
function isCrash(message: string): boolean {
  return /\b(process has terminated|no longer running)\b/.test(message);
}

function oneLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/\.$/, '')
    .slice(0, 300);
}

function describe(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}

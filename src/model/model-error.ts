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

/** A limit ran out: `what` continues "The model server at … ". */
export function timeoutError(endpoint: ModelEndpoint, what: string, limitMs: number): ServiceError {
  return new ServiceError(
    'model_timeout',
    `The model server at ${endpoint.label} ${what} within ${limitMs / 1000} s. It may be overloaded or hung: ` +
      'look at `ollama ps`, restart it, choose a smaller model, or allow more time with --model-idle-timeout-ms.',
  );
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
    ? `No model server answers at ${endpoint.label}. Start Ollama with \`ollama serve\``
    : `The connection to the model server at ${endpoint.label} failed (${code || describe(error)}). Check it with \`ollama ps\``;
  return new ServiceError('model_unavailable', `${problem}, or name another one with --model-url.`, { cause: error });
}

/** What is known of a request that got an error status. */
export interface FailedRequest {
  readonly endpoint: ModelEndpoint;
  readonly status: number;
  /** The server's own `error` text, null when the answer was not in Ollama's form. */
  readonly serverMessage: string | null;
  /** Model that was asked, '' if none. */
  readonly model: string;
}

/** Translates an error status, or an error line in the middle of a stream (counted as status 500). */
export function statusError(failed: FailedRequest): ServiceError {
  const { endpoint, status, serverMessage, model } = failed;
  const cause = new HttpFailure(status, serverMessage ?? `status ${status}`);
  if (serverMessage === null) return notOllama(endpoint, cause);
  const words = oneLine(serverMessage);
  if (status === 404 && model !== '') {
    return new ServiceError(
      'model_missing',
      `The model "${model}" is not installed. Get it with \`ollama pull ${model}\`.`,
      { cause },
    );
  }
  if (status === 400) {
    return new ServiceError('request_invalid', `The model server refused the request: ${words}`, { cause });
  }
  if (status === 503) {
    return new ServiceError(
      'model_unavailable',
      `The model server at ${endpoint.label} is busy. Try again in a moment.`,
      { cause },
    );
  }
  if (isOutOfMemory(serverMessage)) {
    const message = `There is not enough memory for the model "${model}" (${words}). Choose a smaller model with --model, or free memory (\`ollama stop\` unloads a model).`;
    return new ServiceError('model_unavailable', message, { cause });
  }
  return new ServiceError(
    'model_unavailable',
    `The model server at ${endpoint.label} failed: ${words}. Its log says more.`,
    { cause },
  );
}

/** Something answers, but not in Ollama's form. */
export function notOllama(endpoint: ModelEndpoint, cause: Error): ServiceError {
  const message = `The server at ${endpoint.label} does not answer like Ollama (${describe(cause)}). Name the right address with --model-url.`;
  return new ServiceError('model_unavailable', message, { cause });
}

/**
 * The one place where a message must be read: Ollama reports lack of memory as a plain 500 without a code, in its own
 * words ("model requires more system memory (5.5 GiB) than is available") or in those of the engine below it.
 */
function isOutOfMemory(message: string): boolean {
  return /\b(system memory|out of memory|not enough memory|cannot allocate memory|memory allocation|cudaMalloc failed|failed to allocate)\b/i.test(
    message,
  );
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

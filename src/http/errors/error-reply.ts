import type { ServiceError } from '../../core/errors.ts';
import { statusOf } from './status-of.ts';

/** Protocols that clients speak, told by the path. */
export type Protocol = 'ollama' | 'openai' | 'anthropic' | 'native';

/** The protocol that a path belongs to. */
export function protocolOf(path: string): Protocol {
  if (path.startsWith('/api/')) return 'ollama';
  if (path.startsWith('/v1/messages')) return 'anthropic';
  return path.startsWith('/v1/') ? 'openai' : 'native';
}

/** An error as a protocol says it, as the JSON of a body or of an event. */
export function errorBody(protocol: Protocol, error: ServiceError): object {
  const status = statusOf(error);
  if (protocol === 'ollama') return { error: error.message };
  if (protocol === 'anthropic') {
    return { type: 'error', error: { type: anthropicTypes[status] ?? 'api_error', message: error.message } };
  }
  if (protocol === 'openai') {
    const type = openaiTypes[status] ?? 'api_error';
    return { error: { message: error.message, type, param: null, code: openaiCodes[error.code] ?? error.code } };
  }
  return { error: { code: error.code, message: error.message } };
}

/** A reply that says an error. The statuses are the same in every protocol. */
export function errorReply(protocol: Protocol, error: ServiceError): Response {
  const status = statusOf(error);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (error.retryAfterSeconds !== null)
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterSeconds)));
  // Not Basic: browsers would ask for a name and a password.
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="Lorekeep"';
  return new Response(JSON.stringify(errorBody(protocol, error)), { status, headers });
}

const anthropicTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

const openaiTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  413: 'invalid_request_error',
  429: 'rate_limit_error',
};

const openaiCodes: Readonly<Record<string, string>> = {
  unauthorized: 'invalid_api_key',
  model_missing: 'model_not_found',
  rate_limited: 'rate_limit_exceeded',
};

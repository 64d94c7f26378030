import { Readable } from 'node:stream';
import { ServiceError } from '../../core/errors.ts';
import type { ForwardedRequest } from '../../core/gateway/model-server.ts';
import { asRecord } from '../json-answer.ts';
import type { ExchangeRequest } from '../transport/http-exchange.ts';
import { isHopByHop } from '../transport/web-response.ts';

/** Headers that are for Lorekeep itself, or that tell a server behind it of a browser that it has already judged. */
const ownHeaders = new Set([
  'host',
  'expect',
  'authorization',
  'x-api-key',
  'cookie',
  'origin',
  'referer',
  'forwarded',
  'accept-encoding',
]);

/** Paths that run a model. */
const runsModel = /^\/(api\/(generate|chat|embed|embeddings)|v1\/.*)$/;
/** Paths that add, change or remove models. */
const changesModels = /^\/api\/(create|copy|delete|pull)$/;

/** What goes on to the server. The method, path and body stay as they are; the caller's key stays here. */
export function forwardedRequest({ method, path, headers, body }: ForwardedRequest): ExchangeRequest {
  // A space, line end or foreign character could smuggle a second request.
  if (!/^\/[!-~]*$/.test(path))
    throw new ServiceError('request_invalid', 'The path of the request has characters that no path may have.');
  const isStream = body !== null && typeof body !== 'string';
  const passed = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !isHopByHop(name) && !ownHeaders.has(name) && !name.startsWith('x-lorekeep'))
    // Only a stream needs to be told how long it is.
    .filter(([name]) => isStream || name !== 'content-length');
  return {
    method,
    path,
    headers: Object.fromEntries(passed),
    body: isStream ? Readable.fromWeb(body) : body,
    isRepeatable: method === 'GET' || method === 'HEAD',
  };
}

/** Whether models may have changed when a forwarded request was answered. */
export function mayChangeModels({ path }: ForwardedRequest): boolean {
  return changesModels.test(pathOnly(path));
}

/**
 * Name of the model that a forwarded request runs, null when it runs none: whether it runs on this machine must be known.
 * Throws `request_invalid` where that cannot be told.
 */
export function modelRunBy({ method, path, body }: ForwardedRequest): string | null {
  if (method !== 'POST' || !runsModel.test(pathOnly(path))) return null;
  const model = typeof body === 'string' ? nameIn(body) : null;
  if (model !== null) return model;
  throw new ServiceError('request_invalid', 'The request names no model. Send JSON with "model".');
}

function nameIn(body: string): string | null {
  try {
    const { model } = asRecord(JSON.parse(body));
    return typeof model === 'string' ? model : null;
  } catch {
    return null;
  }
}

function pathOnly(path: string): string {
  return path.replace(/\?.*$/, '').replace(/\/{2,}/g, '/');
}

import type { ErrorCode } from '../core/errors.ts';

/** HTTP status of each error code, in every protocol. 499 is nginx's number for a client that went away. */
export const errorStatuses = {
  config_invalid: 500,
  not_indexed: 404,
  index_incompatible: 503,
  index_busy: 503,
  source_unreadable: 404,
  parser_failed: 500,
  model_unavailable: 503,
  model_missing: 404,
  model_timeout: 504,
  store_failed: 500,
  request_invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  rate_limited: 429,
  blocked_by_guard: 403,
  aborted: 499,
  internal: 500,
} as const satisfies Record<ErrorCode, number>;

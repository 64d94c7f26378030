import type { ErrorCode } from '../core/errors.ts';

/** Exit status of a failure, by what the caller can do about it. Part of the command line's contract: see the README. */
export const exitStatuses: Readonly<Record<ErrorCode, number>> = {
  internal: 1,
  source_unreadable: 1,
  parser_failed: 1,
  store_failed: 1,
  request_invalid: 2,
  config_invalid: 2,
  not_indexed: 3,
  index_busy: 4,
  index_incompatible: 5,
  model_unavailable: 6,
  model_missing: 6,
  model_timeout: 6,
  unauthorized: 7,
  forbidden: 7,
  blocked_by_guard: 7,
  rate_limited: 8,
  aborted: 130,
};

/** What each status means, for `lorekeep help`. */
export const exitStatusMeanings: readonly (readonly [number, string])[] = [
  [0, 'done (a search that finds nothing is done, too)'],
  [1, 'failed: a file, the index or the program itself'],
  [2, 'the command or a configuration option is wrong'],
  [3, 'the folder or project has no index'],
  [4, 'another process is writing this index'],
  [5, 'the index was made by another version; --rebuild makes it anew'],
  [6, 'the model server cannot be reached, lacks the model, or is too slow'],
  [7, 'refused: not allowed by the configuration'],
  [8, 'too many requests'],
  [130, 'stopped by Ctrl-C (143: by a TERM signal); the index stays usable'],
];

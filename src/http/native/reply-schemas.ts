import { z } from 'zod';
import { errorCodes } from '../../core/errors.ts';

const sentences = z.array(z.string());

const place = z.looseObject({
  project: z.string(),
  path: z.string().describe('Relative to the project, with slashes.'),
  startLine: z.int().describe('The first is 1.'),
  endLine: z.int().describe('Inclusive.'),
});

const citation = place.extend({ number: z.int().describe('As in [1].') });

const freshness = z.looseObject({
  isCurrent: z
    .boolean()
    .describe('Whether the index is up to date, as far as was seen. Code is shown as it is on disk either way.'),
  changed: z.array(z.string()).describe('Files behind what was found that differ from the index.'),
  indexedAt: z.string().nullable().describe('When the index was last complete.'),
  pendingFiles: z.int().describe('Files that wait to be indexed.'),
  pendingSince: z.string().nullable(),
});

const decision = z.looseObject({
  route: z.enum(['none', 'symbol', 'hybrid', 'files']),
  reason: z.string(),
  confidence: z.number(),
  projects: z.array(z.string()),
  citations: z.array(citation),
  freshness: freshness.nullable(),
  cache: z.enum(['hit', 'miss', 'off']),
  promptTokens: z.int(),
  isExactCount: z.boolean(),
  leftOut: z.int(),
  notices: sentences,
});

/** Reply of `POST /lorekeep/ask`. */
export const answer = z.looseObject({
  mode: z.enum(['generated', 'evidence']),
  answer: z.string(),
  citations: z.array(citation),
  uncited: z.boolean().describe('True when the answer names no evidence.'),
  removedCitations: z.array(z.string()),
  model: z.string().nullable(),
  freshness: freshness.nullable(),
  notices: sentences,
  evidence: z.array(citation.extend({ text: z.string(), context: z.array(z.string()), tokens: z.number() })),
  decision: decision.nullable(),
  usage: z.looseObject({ promptTokens: z.int().nullable(), outputTokens: z.int().nullable() }),
});

/** Reply of `POST /lorekeep/search`. */
export const found = z.looseObject({
  hits: z.array(place.extend({ score: z.number(), language: z.string(), name: z.string(), text: z.string() })),
  mode: z.enum(['hybrid', 'lexical']),
  notices: sentences,
  freshness,
  projects: z.array(z.string()),
  elapsedMs: z.number(),
});

/** Reply of `POST /lorekeep/explain`. */
export const explained = z.looseObject({
  route: z.looseObject({ kind: z.string(), reason: z.string(), confidence: z.number(), files: z.array(z.string()) }),
  found: found.nullable(),
});

/** Reply of `GET /lorekeep/projects/{name}`. */
export const project = z.looseObject({
  name: z.string(),
  root: z.string(),
  state: z.enum(['ready', 'indexing', 'failed']),
  progress: z.number().nullable(),
  problem: z.string().nullable(),
  live: z
    .looseObject({
      mode: z.enum(['events', 'reconcile_only']),
      pendingFiles: z.int(),
      pendingSince: z.string().nullable(),
      checkedAt: z.string().nullable(),
    })
    .nullable()
    .describe('How the index is kept current; null while it is not.'),
  status: z.looseObject({}).nullable(),
});

/** Reply of `GET /lorekeep/projects`. */
export const projects = z.looseObject({ projects: z.array(project) });

/** Reply of `POST /lorekeep/projects/{name}/index`. */
export const indexing = z.looseObject({ project: z.string(), state: z.literal('indexing') });

/** Reply of `GET /lorekeep/version`. */
export const version = z.looseObject({ version: z.string() });

/** Reply of `GET /health`. */
export const health = z.looseObject({
  status: z.enum(['ok', 'degraded']),
  version: z.string().optional(),
  uptimeSeconds: z.number().optional(),
  checks: z.array(z.looseObject({ name: z.string(), ok: z.boolean(), detail: z.string() })).optional(),
});

/** An error of the native routes. */
export const error = z.looseObject({ error: z.looseObject({ code: z.enum(errorCodes), message: z.string() }) });

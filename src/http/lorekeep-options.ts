import { z } from 'zod';
import { ServiceError } from '../core/errors.ts';
import type { LorekeepOptions } from '../core/gateway/exchange.ts';
import type { HttpContext } from './http-parts.ts';

const names = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** The field `lorekeep` that a request body of any protocol may have. */
export const lorekeepField = z
  .strictObject({
    project: names.optional(),
    retrieve: z.enum(['auto', 'always', 'never']).optional(),
    files: z.array(z.string()).max(50).optional(),
    cache: z.boolean().optional(),
    citations: z.boolean().optional(),
  })
  .optional();

/** Headers that say the same, for clients that can set headers only. */
const headerNames = {
  project: 'x-lorekeep-project',
  retrieve: 'x-lorekeep-retrieve',
  cache: 'x-lorekeep-cache',
  citations: 'x-lorekeep-citations',
} as const;

/**
 * What a request says to Lorekeep: its body first, then its headers, then the project in its path. `Cache-Control: no-cache` or
 * `no-store` keeps answers from the cache. Errors: `request_invalid`.
 */
export function lorekeepOptions(context: HttpContext, field: z.infer<typeof lorekeepField>): LorekeepOptions {
  const header = (name: keyof typeof headerNames): string | undefined => context.req.header(headerNames[name]);
  const pathProject = context.get('pathProject');
  const projects = field?.project ?? list(header('project')) ?? (pathProject === null ? [] : [pathProject]);
  const cache = field?.cache ?? truth(header('cache')) ?? (forbidsCache(context) ? false : undefined);
  return {
    projects,
    retrieve: field?.retrieve ?? retrieval(header('retrieve')),
    files: field?.files ?? [],
    citations: field?.citations ?? truth(header('citations')) ?? false,
    ...(cache === undefined ? {} : { cache }),
  };
}

function list(header: string | undefined): readonly string[] | undefined {
  return header
    ?.split(',')
    .map((name) => decoded(name.trim()))
    .filter((name) => name !== '');
}

/** Names that are no plain ASCII come percent-encoded; a percent sign that begins no such code stands for itself. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function truth(header: string | undefined): boolean | undefined {
  return header === undefined ? undefined : ['1', 'true', 'yes', 'on'].includes(header.toLowerCase());
}

function retrieval(header: string | undefined): LorekeepOptions['retrieve'] {
  if (header === undefined) return 'auto';
  if (header === 'auto' || header === 'always' || header === 'never') return header;
  throw new ServiceError('request_invalid', `${headerNames.retrieve} must be auto, always or never.`);
}

function forbidsCache(context: HttpContext): boolean {
  return /\bno-(cache|store)\b/i.test(context.req.header('cache-control') ?? '');
}

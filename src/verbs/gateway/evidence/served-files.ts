import { realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Hit } from '../../../core/retrieval.ts';
import { toServiceError } from '../../../core/errors.ts';
import { fileEvidence } from '../../file-evidence.ts';
import type { ServedIndex } from './knowledge.ts';

/** Code of files that a request or a message names, and what could not be read. */
export interface NamedFiles {
  readonly hits: readonly Hit[];
  readonly notices: readonly string[];
}

/**
 * Reads files of served projects as they are on disk. Only what the index of a project holds may be named: secrets and everything outside
 * the project stay out, also where a link has been put in a file's place since.
 */
export async function servedFiles(
  paths: readonly string[],
  question: string,
  indexes: readonly ServedIndex[],
): Promise<NamedFiles> {
  const read = await Promise.all(paths.map(async (path) => readServed(path, question, indexes)));
  return { hits: read.flatMap(({ hits }) => hits), notices: read.flatMap(({ notices }) => notices) };
}

async function readServed(path: string, question: string, indexes: readonly ServedIndex[]): Promise<NamedFiles> {
  const index = indexes.find(({ catalogue }) => catalogue.file(path) !== null);
  if (index === undefined) return { hits: [], notices: [`${path} is not in the index, so it was not read.`] };
  try {
    const root = await realpath(index.root);
    const absolute = await realpath(join(root, path));
    if (relative(root, absolute) !== path) return { hits: [], notices: [`${path} is a link now, so it was not read.`] };
    return { hits: await fileEvidence([absolute], question, [{ ...index, root }]), notices: [] };
  } catch (error) {
    return { hits: [], notices: [toServiceError(error).message] };
  }
}

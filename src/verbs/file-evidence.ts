import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import { defaultChunkOptions } from '../../indexer/chunk/chunk-options.ts';
import { chunkSource } from '../../indexer/chunk/chunk-source.ts';
import { ServiceError } from '../core/errors.ts';
import type { Hit } from '../core/retrieval.ts';
import type { SourceFile } from '../core/source-file.ts';
import { tokenTerms } from '../text/terms.ts';
import { tokensOf } from '../text/words.ts';
import type { ProjectSummary } from './reports.ts';
import { lookHere } from './verify/look.ts';
import { readNow } from './verify/read-now.ts';

/** A file of up to so many characters is given whole, so that another question about it makes the same evidence. */
const wholeCharacters = 8_000;

/**
 * Evidence from files that the caller names, indexed or not: all pieces, those that share most words with the question first; of a long
 * file only those that share some, unless none does. What an index would refuse (secrets, binary files) is refused here, too.
 * Errors: `source_unreadable` for a missing file, `request_invalid` for a refused one.
 */
export async function fileEvidence(
  files: readonly string[],
  question: string,
  projects: readonly ProjectSummary[],
): Promise<readonly Hit[]> {
  const asked = termsOf(question);
  const perFile = await Promise.all(files.map(async (file) => relevantHits(await readNamed(file), asked, projects)));
  return perFile.flat();
}

async function readNamed(path: string): Promise<SourceFile> {
  const absolute = await realpath(path).catch((cause: unknown) => {
    throw new ServiceError('source_unreadable', `The file ${path} does not exist or cannot be reached.`, { cause });
  });
  const reading = { limits: {}, knownHash: null, stat: () => lookHere(Buffer.from(absolute)), now: () => Date.now() };
  const read = await readNow({ path: absolute, absolute }, reading);
  if (read.kind === 'text') return read.file;
  if (read.kind !== 'none')
    throw new ServiceError('source_unreadable', `The file ${path} is being written all the time. Try again later.`);
  if (read.refusal === null) throw new ServiceError('source_unreadable', `The file ${path} does not exist.`);
  const { reason, detail } = read.refusal;
  const code = reason === 'unreadable' ? 'source_unreadable' : 'request_invalid';
  const why = [reason.replace('_', ' '), detail].filter((part) => part !== '').join(', ');
  throw new ServiceError(code, `The file ${path} cannot be evidence: ${why}.`);
}

function relevantHits(file: SourceFile, asked: ReadonlySet<string>, projects: readonly ProjectSummary[]): Hit[] {
  const place = placeOf(file.path, projects);
  const hits = chunkSource(file, null, defaultChunkOptions).map((chunk): Hit => {
    const text = file.text.slice(chunk.start, chunk.end);
    const shared = [...termsOf(text)].filter((term) => asked.has(term)).length;
    const { startLine, endLine, kind, name, context } = chunk;
    const signals = [{ signal: 'shared-words', value: shared }];
    const chunkPlace = { ...place, startLine, endLine, file: null, generation: null };
    return { ...chunkPlace, score: shared, language: file.language, kind, name, context, text, signals };
  });
  const relevant = hits.filter(({ score }) => score > 0);
  const isWhole = file.text.length <= wholeCharacters || relevant.length === 0;
  return (isWhole ? hits : relevant).toSorted((left, right) => right.score - left.score);
}

/** A file of a searched project is cited as such; any other by its absolute path and no project. */
function placeOf(absolute: string, projects: readonly ProjectSummary[]): { project: string; path: string } {
  for (const { name, root } of projects) {
    const path = relative(root, absolute);
    if (!path.startsWith('..')) return { project: name, path };
  }
  return { project: '', path: absolute };
}

function termsOf(text: string): ReadonlySet<string> {
  return new Set(tokensOf(text).flatMap(tokenTerms));
}

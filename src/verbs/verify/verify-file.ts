import type { UnpackedChunk } from '../../core/packing/packed-chunks.ts';
import type { FileRecord } from '../../core/catalogue.ts';
import type { Hit } from '../../core/retrieval.ts';
import type { CheckedProject } from './checked-project.ts';
import { chooseChunks } from './choose-chunks.ts';
import type { FileNow, FilesNow, TextNow } from './files-now.ts';
import { movedContext } from './moved-context.ts';
import { relocate, type LineSpan } from './relocate.ts';

/** What became of a file and of the hits in it. */
export interface VerifiedFile {
  /** `unknown`: the index does not serve it, or no longer. */
  readonly state: 'same' | 'changed' | 'gone' | 'unsettled' | 'unknown';
  /** SHA-256 of its bytes, null where they are not known. */
  readonly hash: string | null;
  /** When it was last written, in milliseconds since 1970; null where that is not known. */
  readonly writtenAt: number | null;
  /** Hits that are no longer as they were found: as they are now, or null for what is no more. */
  readonly replaced: ReadonlyMap<Hit, Hit | null>;
}

/** Resolves when the request can wait no longer; it never rejects. */
export type Deadline = Promise<'late'>;

const unchanged: ReadonlyMap<Hit, Hit | null> = new Map();

/**
 * Compares a file with the index and brings the hits in it to what it holds now: the same, the same text at other lines, another text, or
 * nothing. All that it returns is of one moment. Only a file that differs is read; hits that were read from disk anyway are left alone.
 */
export async function verifyFile(
  project: CheckedProject,
  path: string,
  { hits, deadline }: { readonly hits: readonly Hit[]; readonly deadline: () => Deadline },
): Promise<VerifiedFile> {
  const record = project.catalogue.file(path);
  const indexed = hits.filter(({ generation }) => generation !== null);
  if (record === null) return { state: 'unknown', hash: null, writtenAt: null, replaced: dropped(indexed) };
  const former = indexed.filter((hit) => hit.file !== record.file || hit.generation !== record.generation);
  const seen = await orUnsettled(project.files.see(path, record));
  if (seen.kind === 'same') {
    if (former.length === 0) return { state: 'same', hash: record.hash, writtenAt: null, replaced: unchanged };
    // Recorded anew since it was searched: these hits are of what it was before.
    const text = await orUnsettled(project.files.see(path, null));
    return bringUpToDate(project.files, path, { seen: text, hits: former, deadline, record });
  }
  return bringUpToDate(project.files, path, { seen, hits: indexed, deadline, record });
}

interface Outdated {
  readonly seen: FileNow;
  readonly hits: readonly Hit[];
  readonly deadline: () => Deadline;
  readonly record: FileRecord;
}

async function bringUpToDate(
  files: FilesNow,
  path: string,
  { seen, hits, deadline, record }: Outdated,
): Promise<VerifiedFile> {
  if (seen.kind !== 'text') return without(seen, hits);
  const moved = relocate(seen.now, hits);
  const missing = hits.filter((hit) => !moved.has(hit));
  const found = { record, hits };
  if (missing.length === 0) return changed(seen.now, found, atLines(seen.now, moved));
  const cut = await Promise.race([orUnsettled(files.chunked(path, seen.now)), deadline()]);
  // What has been found stands; for the rest there is no time, or no parser.
  if (cut === 'late' || cut.kind === 'unsettled')
    return { ...changed(seen.now, found, atLines(seen.now, moved)), state: 'unsettled' };
  if (cut.kind !== 'text') return without(cut, hits);
  // It may have changed once more: all places come from the same reading.
  const { now } = cut;
  const movedNow = now.hash === seen.now.hash ? moved : relocate(now, hits);
  const free = (now.chunks ?? []).filter((chunk) => ![...movedNow.values()].some((span) => isMostlyIn(chunk, span)));
  const chosen = chooseChunks(
    hits.filter((hit) => !movedNow.has(hit)),
    free,
  );
  return changed(now, found, new Map([...atLines(now, movedNow), ...asChunks(chosen)]));
}

/** A parser that cannot be had costs what it was needed for, not the request. */
async function orUnsettled(file: Promise<FileNow>): Promise<FileNow> {
  try {
    return await file;
  } catch {
    return { kind: 'unsettled' };
  }
}

function without(seen: FileNow, hits: readonly Hit[]): VerifiedFile {
  const state = seen.kind === 'none' ? 'gone' : 'unsettled';
  return { state, hash: null, writtenAt: null, replaced: dropped(hits) };
}

function dropped(hits: readonly Hit[]): ReadonlyMap<Hit, null> {
  return new Map(hits.map((hit) => [hit, null]));
}

function changed(
  now: TextNow,
  { record, hits }: { readonly record: FileRecord; readonly hits: readonly Hit[] },
  kept: ReadonlyMap<Hit, Hit>,
): VerifiedFile {
  return {
    state: now.hash === record.hash ? 'same' : 'changed',
    hash: now.hash,
    writtenAt: Number(now.stat.mtimeNs / 1_000_000n),
    replaced: new Map(hits.map((hit) => [hit, kept.get(hit) ?? null])),
  };
}

function atLines(now: TextNow, moved: ReadonlyMap<Hit, LineSpan>): ReadonlyMap<Hit, Hit> {
  return new Map(
    Array.from(moved, ([hit, span]) => {
      const { start, end, startLine, endLine } = span;
      const context = movedContext(hit.context, now, span);
      const text = now.text.slice(start, end);
      return [hit, { ...hit, startLine, endLine, context, text, file: null, generation: null }];
    }),
  );
}

function asChunks(chosen: ReadonlyMap<Hit, UnpackedChunk>): ReadonlyMap<Hit, Hit> {
  return new Map(
    Array.from(chosen, ([hit, { kind, name, startLine, endLine, context, text }]) => {
      const now = { kind, name, startLine, endLine, text, context: context === '' ? [] : context.split('\n') };
      return [hit, { ...hit, ...now, file: null, generation: null }];
    }),
  );
}

/** The text of such a chunk is shown already. */
function isMostlyIn(chunk: UnpackedChunk, span: LineSpan): boolean {
  const shared = Math.min(chunk.endLine, span.endLine) - Math.max(chunk.startLine, span.startLine) + 1;
  return shared * 2 > chunk.endLine - chunk.startLine + 1;
}

import type { CatalogueWriter, FileRecord, SkippedFile } from '../../src/core/catalogue.ts';
import type { IgnoreMatcher } from '../walk/ignore-matcher.ts';
import { judgeLink } from '../walk/judge-link.ts';
import { byteStringOfName } from '../walk/path-name.ts';
import { skipped, skippedByError } from '../walk/skip-entry.ts';
import { walk } from '../walk/walk.ts';
import type { FileEntry, SkippedEntry } from '../walk/walk-entry.ts';
import type { Sight } from './sight.ts';

/** What is compared with what. */
export interface ComparisonParts {
  readonly matcher: IgnoreMatcher;
  readonly writer: CatalogueWriter;
  readonly signal?: AbortSignal | undefined;
  readonly accepts?: (path: string) => boolean;
}

/** What of the project is on disk at a path and below, and what the catalogue has there. */
export interface Comparison {
  readonly entries: readonly FileEntry[];
  readonly skipped: readonly SkippedFile[];
  readonly known: ReadonlyMap<string, FileRecord>;
}

/** Goes through all that lies at and below what was seen. Throws when aborted. */
export async function compareTarget(sight: Sight, parts: ComparisonParts): Promise<Comparison> {
  const { matcher, writer } = parts;
  const known = writer.files(sight.path);
  // Rules of a folder may have changed, and must not outlive it; a file that was one before has none.
  if (sight.kind !== 'file' || !known.has(sight.path)) matcher.forget(sight.path);
  const entries: FileEntry[] = [];
  const left: SkippedFile[] = [];
  for await (const entry of entriesAt(sight, parts)) {
    if (parts.accepts?.(entry.path) === false) continue;
    if (entry.kind === 'file') entries.push(entry);
    else left.push({ path: entry.path, reason: entry.reason, detail: entry.detail });
  }
  return { entries, skipped: left, known };
}

async function* entriesAt(sight: Sight, parts: ComparisonParts): AsyncGenerator<FileEntry | SkippedEntry> {
  const { matcher, signal } = parts;
  if (sight.kind === 'folder') {
    if (!isEntered(matcher, sight.path)) return;
    for await (const entry of walk(matcher, { under: sight.path, ...(signal && { signal }) })) {
      if (entry.kind !== 'end') yield entry;
    }
  } else if (sight.kind !== 'nothing' && !matcher.ignores(sight.path, false)) {
    const entry = sight.kind === 'other' ? await judge(matcher.root, sight.path, sight.special) : sight;
    if (entry !== null) yield entry;
  }
}

/** A walk of the project would come here. */
function isEntered(matcher: IgnoreMatcher, folder: string): boolean {
  const parts = folder.split('/');
  return parts.every((_, at) => matcher.enters(parts.slice(0, at + 1).join('/')));
}

async function judge(root: string, path: string, special: string | null): Promise<SkippedEntry | null> {
  const bytes = byteStringOfName(path);
  if (special !== null) return skipped(bytes, 'special_file', special);
  try {
    return await judgeLink(root, bytes);
  } catch (error) {
    return skippedByError(bytes, error);
  }
}

import type { SkippedFile } from '../../src/core/catalogue.ts';
import type { IgnoreMatcher } from '../walk/ignore-matcher.ts';
import { walk } from '../walk/walk.ts';
import type { FileEntry } from '../walk/walk-entry.ts';
import type { ProgressMeter } from './index-progress.ts';

/** What lies in a project. */
export interface ProjectFiles {
  readonly files: readonly FileEntry[];
  readonly skipped: readonly SkippedFile[];
  readonly ignored: number;
  readonly notices: readonly string[];
}

export interface WalkChoice {
  readonly signal?: AbortSignal;
  /** Says of a project-relative path whether it is indexed at all. */
  accepts?(path: string): boolean;
}

/** How many files are found between two reports of progress. */
const reportEvery = 500;

/** Walks the whole project. Throws when aborted: half a walk says nothing about what is gone. */
export async function walkProject(
  matcher: IgnoreMatcher,
  meter: ProgressMeter,
  choice: WalkChoice,
): Promise<ProjectFiles> {
  const files: FileEntry[] = [];
  const skipped: SkippedFile[] = [];
  let ignored = 0;
  let notices: readonly string[] = [];
  for await (const entry of walk(matcher, choice.signal ? { signal: choice.signal } : {})) {
    if (entry.kind !== 'end' && choice.accepts?.(entry.path) === false) continue;
    if (entry.kind === 'file') {
      if (files.push(entry) % reportEvery === 0) meter.found(files.length);
    } else if (entry.kind === 'skipped') {
      skipped.push({ path: entry.path, reason: entry.reason, detail: entry.detail });
    } else {
      ignored = entry.ignoredFiles + entry.ignoredFolders;
      notices = entry.notices;
    }
  }
  return { files, skipped, ignored, notices };
}

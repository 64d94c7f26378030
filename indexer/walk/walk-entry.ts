import type { FileStat, SkipReason } from '../../src/core/source-file.ts';

/** A regular file of the project, ready to be read. */
export interface FileEntry {
  readonly kind: 'file';
  /** Project-relative, with `/`, as path-name.ts writes it. */
  readonly path: string;
  /** What to hand to `node:fs`: bytes where the name is not UTF-8. */
  readonly absolute: string | Buffer;
  /** As of the walk; the reader asks again. */
  readonly stat: FileStat;
}

/** Something inside the project that cannot be a source file. */
export interface SkippedEntry {
  readonly kind: 'skipped';
  readonly path: string;
  readonly reason: SkipReason;
  /** A short phrase for people. */
  readonly detail: string;
}

/** The last entry of a walk that was not aborted. */
export interface WalkEnd {
  readonly kind: 'end';
  readonly files: number;
  readonly skipped: number;
  /** What ignore rules left out: single files, and folders counted once with all that is in them. */
  readonly ignoredFiles: number;
  readonly ignoredFolders: number;
  /** Sentences the caller must see: an ignore file that could not be read, a project without a file. */
  readonly notices: readonly string[];
}

/** What a walk yields: files and skipped entries by path bytes, then one end. */
export type WalkEntry = FileEntry | SkippedEntry | WalkEnd;

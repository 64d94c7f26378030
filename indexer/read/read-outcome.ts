import type { DegradeReason, FileStat, SkipReason, SourceFile } from '../../src/core/source-file.ts';

/** What became of a file that was to be read. */
export type ReadOutcome =
  | {
      readonly kind: 'read';
      readonly file: SourceFile;
      /** As of the moment before the content was read: a later change shows as a difference. */
      readonly stat: FileStat;
      readonly degraded: readonly DegradeReason[];
    }
  /** The content is the one the caller knows; it was not decoded. */
  | { readonly kind: 'unchanged'; readonly stat: FileStat }
  /** `detail` is a short phrase for people. */
  | { readonly kind: 'skipped'; readonly reason: SkipReason; readonly detail: string }
  /** Deleted since the walk. */
  | { readonly kind: 'gone' };

export type SkippedOutcome = Extract<ReadOutcome, { kind: 'skipped' }>;

/** A skipped outcome. */
export function skip(reason: SkipReason, detail: string): SkippedOutcome {
  return { kind: 'skipped', reason, detail };
}

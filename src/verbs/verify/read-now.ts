import { setTimeout as pause } from 'node:timers/promises';
import { type ReadLimits, readSource } from '../../../indexer/read/read-source.ts';
import type { SkippedOutcome } from '../../../indexer/read/read-outcome.ts';
import type { SourceFile } from '../../core/source-file.ts';
import { isQuiet, isSamePresent, type PresentStat } from './look.ts';

/** What a file held at one moment. */
export type ReadNow =
  | { readonly kind: 'text'; readonly file: SourceFile; readonly stat: PresentStat }
  /** Its content is the one that the caller knows. */
  | { readonly kind: 'known'; readonly stat: PresentStat }
  /** It is not there (null), or must not be shown: a link, a secret, no text. */
  | { readonly kind: 'none'; readonly refusal: SkippedOutcome | null }
  /** It was written all the while. */
  | { readonly kind: 'unsettled' };

/** How to read. */
export interface ReadNowOptions {
  readonly limits: ReadLimits;
  /** Hash of a content that need not be decoded, null for none. */
  readonly knownHash: string | null;
  /** The file's stat, null where it is not there or leads through a link. */
  readonly stat: () => PresentStat | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Before each attempt. Whoever writes a file needs a moment to finish. */
const pausesMs = [0, 2, 10, 40];

/**
 * Reads a file so that its text is what the file held at one moment: the stat must be the same before and after. The reading itself is
 * synchronous, since for source files the round trips of asynchronous calls take longer. Bounded: a file that never rests is `unsettled`.
 */
export async function readNow(
  entry: { readonly path: string; readonly absolute: string | Uint8Array },
  options: ReadNowOptions,
): Promise<ReadNow> {
  for (const pauseMs of pausesMs) {
    if (pauseMs > 0) await pause(pauseMs);
    const read = readOnce(entry, options);
    if (read.kind !== 'unsettled') return read;
  }
  return { kind: 'unsettled' };
}

function readOnce(
  entry: { readonly path: string; readonly absolute: string | Uint8Array },
  { limits, knownHash, stat, now }: ReadNowOptions,
): ReadNow {
  const before = stat();
  if (before === null) return { kind: 'none', refusal: null };
  const outcome = readSource(entry, { ...limits, knownHash });
  if (outcome.kind === 'gone') return { kind: 'none', refusal: null };
  if (outcome.kind === 'skipped') return { kind: 'none', refusal: outcome };
  if (!isQuiet(before, now())) {
    // Twice the same with nothing in between that a stat shows: it was so in the moment between the two.
    const hash = outcome.kind === 'read' ? outcome.file.hash : knownHash;
    if (readSource(entry, { ...limits, knownHash: hash }).kind !== 'unchanged') return { kind: 'unsettled' };
  }
  const after = stat();
  if (after === null) return { kind: 'none', refusal: null };
  if (!isSamePresent(before, after) || outcome.stat.inode !== after.inode) return { kind: 'unsettled' };
  return outcome.kind === 'read' ? { kind: 'text', file: outcome.file, stat: after } : { kind: 'known', stat: after };
}

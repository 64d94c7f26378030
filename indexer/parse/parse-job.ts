import type { ChunkEmbedderSource } from '../../src/core/embedding.ts';
import type { IndexedFile, SkippedFile } from '../../src/core/catalogue.ts';
import type { FileStat } from '../../src/core/source-file.ts';
import type { ChunkOptions } from '../chunk/chunk-options.ts';
import type { ReadLimits } from '../read/read-source.ts';

/** One file to read, parse and chunk. Plain data: it travels between threads. */
export interface ParseJob {
  /** Project-relative. */
  readonly path: string;
  /** What to hand to `node:fs`; bytes where the name is not UTF-8. */
  readonly absolute: string | Uint8Array;
  /** Content hash of what the index has, when chunked by the present rules; then the same content is left alone. */
  readonly knownHash: string | null;
  /** Chunk by lines although there is a grammar: its parser was seen to fail on this file. */
  readonly linesOnly: boolean;
}

/** A file to look at, with its size for progress. */
export interface PlannedFile {
  readonly job: ParseJob;
  readonly bytes: number;
}

/** CPU time of one file in milliseconds. */
export interface ParseCost {
  readonly readMs: number;
  readonly parseMs: number;
  readonly chunkMs: number;
  readonly termsMs: number;
  readonly embedMs: number;
}

/** What became of a file. */
export type ParseOutcome =
  | { readonly kind: 'indexed'; readonly file: IndexedFile }
  | { readonly kind: 'unchanged'; readonly path: string; readonly stat: FileStat }
  | { readonly kind: 'skipped'; readonly skipped: SkippedFile }
  /** It is gone since the walk. */
  | { readonly kind: 'gone'; readonly path: string };

export interface ParseReply {
  readonly outcome: ParseOutcome;
  readonly cost: ParseCost;
  /** The worker's memory has grown or its parser broke: it should be replaced. */
  readonly retire: boolean;
}

/** What a worker is started with. */
export interface WorkerSetup {
  readonly heartbeat: SharedArrayBuffer;
  readonly chunkOptions: ChunkOptions;
  readonly readLimits?: ReadLimits;
  /** Where the chunks' vectors are made in this thread. */
  readonly embedder?: ChunkEmbedderSource;
  /** Content hashes that hung or broke a parser. */
  readonly quarantined: readonly string[];
}

/** A worker's first message: its module is loaded. */
export const readyMessage = 'ready';

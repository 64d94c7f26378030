import type { Catalogue } from '../../src/core/catalogue.ts';
import type { Embedder } from '../../src/core/embedding.ts';
import type { VectorStore } from '../../src/core/vector-store.ts';
import type { ChunkOptions } from '../chunk/chunk-options.ts';
import type { ParsePool } from '../parse/parse-pool.ts';
import type { ReadLimits } from '../read/read-source.ts';
import type { IgnoreMatcher } from '../walk/ignore-matcher.ts';
import type { IndexProgress } from './index-progress.ts';

/** What indexing works on. */
export interface IndexParts {
  /** Knows the project's folder and what of it counts. */
  readonly matcher: IgnoreMatcher;
  /** Opened for writing, its identity set. */
  readonly catalogue: Catalogue;
  readonly store: VectorStore;
  /** Null for a lexical index. */
  readonly embedder: Embedder | null;
}

export interface IndexOptions {
  /** The time of day, for records and reports. */
  now(): Date;
  /** Stops a run; what was recorded is kept. */
  readonly signal?: AbortSignal;
  onProgress?(progress: IndexProgress): void;
  readonly chunkOptions?: Partial<ChunkOptions>;
  /** How large files may be. */
  readonly readLimits?: ReadLimits;
  /** Says of a project-relative path whether it is indexed at all; everything that is not ignored by default. */
  accepts?(path: string): boolean;
  /** Number of parser threads; by default one per core, at most 8. */
  readonly threads?: number;
  /** Megabytes that the whole process should stay within, see memory-plan.ts. Default 1,200. */
  readonly memoryBudgetMb?: number;
  /** After so many milliseconds without a file, parser threads end; the next file starts them again. Default 5 minutes. */
  readonly parserIdleMs?: number;
  /** Parser threads shared with others, set up alike; they are left running. */
  readonly parsers?: ParsePool;
}

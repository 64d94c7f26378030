import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexProject } from '../../indexer/run/index-project.ts';
import type { IndexReport } from '../../indexer/run/index-report.ts';
import { createIgnoreMatcher } from '../../indexer/walk/walk.ts';
import type { Embedder } from '../../src/core/embedding.ts';
import { indexBytes } from '../../src/store/index-place.ts';
import { openIndexForWriting, type WritableIndex } from '../../src/store/index-folder.ts';

/** A fresh index in a temporary folder, gone when closed. */
export interface BenchIndex {
  readonly index: WritableIndex;
  readonly report: IndexReport;
  readonly diskBytes: number;
  close(): Promise<void>;
}

export interface BenchIndexOptions {
  readonly embedder: Embedder | null;
  /** Says which files to index; all by default. */
  readonly accepts?: (path: string) => boolean;
}

/** Indexes a folder from scratch with the default settings. */
export async function openBenchIndex(folder: string, options: BenchIndexOptions): Promise<BenchIndex> {
  const data = mkdtempSync(join(tmpdir(), 'lorekeep-bench-'));
  const identity = options.embedder === null ? null : await options.embedder.identity();
  const index = await openIndexForWriting(join(data, 'index'), identity);
  const report = await indexProject(
    {
      matcher: createIgnoreMatcher(folder, {}),
      catalogue: { reader: index.catalogue, writer: index.writer },
      store: index.store,
      embedder: options.embedder,
    },
    { now: () => new Date(), ...(options.accepts !== undefined && { accepts: options.accepts }) },
  );
  return {
    index,
    report,
    diskBytes: indexBytes(join(data, 'index')),
    close: async () => {
      await index.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

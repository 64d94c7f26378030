import { gitExcludesFile } from '../config.ts';
import type { ResolvedConfig } from '../config.ts';
import type { IndexIdentity } from '../core/catalogue.ts';
import type { EmbedderIdentity } from '../core/embedding.ts';
import { documentEmbedder } from './embedders.ts';
import { outsideOwnData } from './watching/own-data.ts';
import { openIndexForWriting, rebuildIndex } from '../store/index-folder.ts';
import type { IndexSummary, ProjectSummary, RunProgress } from '../verbs/reports.ts';

/** How an indexing run is watched and stopped. */
export interface IndexControl {
  readonly signal: AbortSignal;
  onProgress(progress: RunProgress): void;
}

/** By what a project is indexed. */
export interface IndexingOptions {
  readonly config: ResolvedConfig;
  /** What the embedder is kept of when no other is asked for; null when nothing is there or to be read. */
  readonly made: IndexIdentity | null;
  /** True when an index is there to be extended, or replaced. */
  readonly exists: boolean;
  /** Makes the index anew. */
  readonly rebuild: boolean;
}

/** Wires one indexing run into the project's index folder. The index must not be open for reading in this process. */
export async function indexInto(
  project: ProjectSummary,
  { config, made, exists, rebuild }: IndexingOptions,
  control: IndexControl,
): Promise<IndexSummary> {
  const { createIgnoreMatcher } = await import('../../indexer/walk/walk.ts');
  const { indexProject } = await import('../verbs/index-project.ts');
  const notices: string[] = [];
  const embedder = await documentEmbedder(config, made, (problem) => notices.push(problem));
  const { chunkCharacters, workers, memoryBudgetMb, maxCodeBytes, maxDataBytes } = config.values;
  try {
    const parts = {
      project,
      matcher: createIgnoreMatcher(project.root, { globalExcludesFile: gitExcludesFile() }),
      embedder,
      exists,
      open: (identity: EmbedderIdentity | null) => openIndexForWriting(project.indexFolder, identity),
      rebuild: (identity: EmbedderIdentity | null) => rebuildIndex(project.indexFolder, identity),
    };
    const summary = await indexProject(parts, {
      ...control,
      now: () => new Date(),
      rebuild,
      threads: workers,
      memoryBudgetMb,
      chunkOptions: { targetChars: chunkCharacters },
      readLimits: { maxCodeBytes, maxDataBytes },
      accepts: outsideOwnData(project.root, config.values.dataFolder),
    });
    return { ...summary, notices: [...notices, ...summary.notices] };
  } finally {
    embedder?.close?.();
  }
}

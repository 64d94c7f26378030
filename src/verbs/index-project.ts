import type { IndexOptions, IndexParts } from '../../indexer/run/index-parts.ts';
import { indexProject as runIndexing } from '../../indexer/run/index-project.ts';
import type { IndexReport } from '../../indexer/run/index-report.ts';
import type { CatalogueReader, CatalogueWriter } from '../core/catalogue.ts';
import type { Embedder, EmbedderIdentity } from '../core/embedding.ts';
import { ServiceError } from '../core/errors.ts';
import type { VectorStore } from '../core/vector-store.ts';
import type { IndexSummary, ProjectSummary } from './reports.ts';

/** An index that this process alone may write, until `close`. */
interface WritableIndex {
  readonly catalogue: CatalogueReader;
  readonly writer: CatalogueWriter;
  readonly store: VectorStore;
  close(): Promise<void>;
}

/** A new index beside the present one, which it replaces with `publish`. */
interface IndexRebuild extends WritableIndex {
  publish(): Promise<void>;
}

/** What indexing a project takes. */
export interface IndexProjectParts {
  readonly project: ProjectSummary;
  readonly matcher: IndexParts['matcher'];
  readonly embedder: Embedder | null;
  /** True when an index is there to be extended, or replaced. */
  readonly exists: boolean;
  /** Errors: `index_incompatible` when it was made by another embedder or version. */
  open(embedder: EmbedderIdentity | null): Promise<WritableIndex>;
  /** Begins a new index beside the present one. */
  rebuild(embedder: EmbedderIdentity | null): Promise<IndexRebuild>;
}

export interface IndexProjectOptions extends IndexOptions {
  readonly rebuild: boolean;
}

/**
 * Brings the index of a project up to date. One that was made by another embedder or another version is made anew
 * beside the old one, which serves until the new one is complete.
 */
export async function indexProject(parts: IndexProjectParts, options: IndexProjectOptions): Promise<IndexSummary> {
  const identity = parts.embedder === null ? null : await parts.embedder.identity(options.signal);
  if (options.rebuild && parts.exists) return rebuild(parts, options, { identity, notices: [] });
  let index: WritableIndex;
  try {
    index = await parts.open(identity);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'index_incompatible' || !parts.exists) throw error;
    return rebuild(parts, options, {
      identity,
      notices: [`The index was made anew: ${error.message.split('. ')[0]}.`],
    });
  }
  try {
    return summaryOf(parts, identity, await run(parts, index, options));
  } finally {
    await index.close();
  }
}

interface RebuildReason {
  readonly identity: EmbedderIdentity | null;
  readonly notices: readonly string[];
}

async function rebuild(parts: IndexProjectParts, options: IndexOptions, reason: RebuildReason): Promise<IndexSummary> {
  const index = await parts.rebuild(reason.identity);
  try {
    const report = await run(parts, index, options);
    if (report.aborted) throw new ServiceError('aborted', 'Stopped. The index as it was before stays in use.');
    await index.publish();
    return summaryOf(parts, reason.identity, { ...report, notices: [...reason.notices, ...report.notices] });
  } finally {
    await index.close();
  }
}

function run(parts: IndexProjectParts, index: WritableIndex, options: IndexOptions): Promise<IndexReport> {
  const { matcher, embedder } = parts;
  const { store, catalogue: reader, writer } = index;
  return runIndexing({ matcher, embedder, store, catalogue: { reader, writer } }, options);
}

function summaryOf(
  { project }: IndexProjectParts,
  identity: EmbedderIdentity | null,
  report: IndexReport,
): IndexSummary {
  return { project: project.name, root: project.root, ...report, embedder: identity?.model ?? null };
}

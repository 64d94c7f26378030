import type { IndexProgress } from '../../../indexer/run/index-progress.ts';
import type { KeptIndex } from '../../../indexer/keep/keep-ports.ts';
import { LiveIndex } from '../../../indexer/live/live-index.ts';
import { createIgnoreMatcher } from '../../../indexer/walk/walk.ts';
import { gitExcludesFile } from '../../config.ts';
import type { ResolvedConfig } from '../../config.ts';
import { ServiceError, toServiceError } from '../../core/errors.ts';
import { openIndex, openIndexForWriting, rebuildIndex } from '../../store/index-folder.ts';
import type { IndexRebuild, WritableIndex } from '../../store/index-folder.ts';
import type { WriterPurpose } from '../../store/writer-lock.ts';
import type { IndexIdentity } from '../../core/catalogue.ts';
import type { EmbedderIdentity } from '../../core/embedding.ts';
import type { ProjectSummary } from '../../verbs/reports.ts';
import { documentEmbedder } from '../embedders.ts';
import { outsideOwnData } from './own-data.ts';

/** What an index that is kept current is opened with. */
export interface LiveWiring {
  readonly project: ProjectSummary;
  readonly config: ResolvedConfig;
  readonly purpose: WriterPurpose;
  readonly signal: AbortSignal;
  onProgress(progress: IndexProgress): void;
  onNotice(sentence: string): void;
}

/** An index that this process keeps current. */
export interface OpenLiveIndex {
  readonly index: KeptIndex;
  /** Model that makes the vectors, null for a lexical index. */
  readonly embedder: string | null;
  /** False for an index that no run has completed yet: then the first comparison takes long. */
  readonly isComplete: boolean;
  close(): Promise<void>;
}

/**
 * Opens the index of a project to keep it current. What was made by another embedder or version is made anew beside the old one, which
 * serves until the first comparison is complete. Errors: `index_busy`, and those of the embedder and the store.
 */
export async function openLiveIndex(wiring: LiveWiring): Promise<OpenLiveIndex> {
  const { project, config, signal } = wiring;
  const made = await identityOf(project.indexFolder);
  const embedder = await documentEmbedder(config, made?.identity ?? null, (problem) => wiring.onNotice(problem));
  try {
    const identity = embedder === null ? null : await embedder.identity(signal);
    const opened = await openOrRebuild(wiring, identity, made !== null);
    const { store, catalogue: reader, writer } = opened;
    const { chunkCharacters, workers, memoryBudgetMb, maxCodeBytes, maxDataBytes } = config.values;
    const matcher = createIgnoreMatcher(project.root, { globalExcludesFile: gitExcludesFile() });
    const live = new LiveIndex(
      { matcher, embedder, store, catalogue: { reader, writer } },
      {
        now: () => new Date(),
        onProgress: (progress) => wiring.onProgress(progress),
        threads: workers,
        memoryBudgetMb,
        chunkOptions: { targetChars: chunkCharacters },
        readLimits: { maxCodeBytes, maxDataBytes },
        accepts: outsideOwnData(project.root, config.values.dataFolder),
      },
    );
    const close = async (): Promise<void> => {
      try {
        await live.close();
      } finally {
        embedder?.close?.();
        await opened.close();
      }
    };
    const index = 'publish' in opened ? publishing(live, opened, signal) : live;
    return { index, embedder: identity?.model ?? null, isComplete: reader.lastCompletedRun() !== null, close };
  } catch (error) {
    embedder?.close?.();
    throw error;
  }
}

/** What an index was made by (null: not to be read); null when there is none. */
async function identityOf(folder: string): Promise<{ readonly identity: IndexIdentity | null } | null> {
  try {
    const index = openIndex(folder);
    const identity = index.catalogue.identity();
    await index.close();
    return { identity };
  } catch (error) {
    return toServiceError(error).code === 'not_indexed' ? null : { identity: null };
  }
}

async function openOrRebuild(
  wiring: LiveWiring,
  identity: EmbedderIdentity | null,
  exists: boolean,
): Promise<WritableIndex | IndexRebuild> {
  const { purpose } = wiring;
  const { indexFolder } = wiring.project;
  try {
    return await openIndexForWriting(indexFolder, identity, purpose);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'index_incompatible' || !exists) throw error;
    wiring.onNotice(`The index is made anew: ${error.message.split('. ')[0]}.`);
    return rebuildIndex(indexFolder, identity, purpose);
  }
}

/** A new index beside the old one, which it replaces when it is complete for the first time. */
function publishing(live: LiveIndex, rebuild: IndexRebuild, signal: AbortSignal): KeptIndex {
  let isPublished = false;
  return {
    reconcile: async (request) => {
      const report = await live.reconcile(request);
      if (isPublished || report.aborted) return report;
      await live.tidy(signal);
      await rebuild.publish();
      isPublished = true;
      return report;
    },
    refresh: (paths, stop) => live.refresh(paths, stop),
    tidy: (stop) => live.tidy(stop),
    get due() {
      return live.due;
    },
  };
}

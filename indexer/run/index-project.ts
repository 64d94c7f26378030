import type { Catalogue } from '../../src/core/catalogue.ts';
import type { Embedder } from '../../src/core/embedding.ts';
import type { VectorStore } from '../../src/core/vector-store.ts';
import { resolveChunkOptions, type ChunkOptions } from '../chunk/chunk-options.ts';
import { chunkerVersions } from '../chunk/chunker-version.ts';
import type { ReadLimits } from '../read/read-source.ts';
import type { IgnoreMatcher } from '../walk/ignore-matcher.ts';
import { OutcomeCommitter } from './commit-outcomes.ts';
import { ProgressMeter, type IndexProgress } from './index-progress.ts';
import type { IndexReport } from './index-report.ts';
import { parseInOrder } from '../parse/parse-in-order.ts';
import { ParsePool } from '../parse/parse-pool.ts';
import { planFiles, type Plan } from './plan-files.ts';
import { repairStore } from './repair-store.ts';
import { StageClock } from './stage-clock.ts';
import { StoreWriter } from './store-writer.ts';
import { walkProject, type ProjectFiles } from './walk-project.ts';
import { keepYoungHeapSmall } from './young-heap.ts';

/** What a run works on. */
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
  /** The time of day, for the run's record. */
  now(): Date;
  /** Stops the run; what was recorded is kept. */
  readonly signal?: AbortSignal;
  onProgress?(progress: IndexProgress): void;
  readonly chunkOptions?: Partial<ChunkOptions>;
  /** How large files may be. */
  readonly readLimits?: ReadLimits;
  /** Says of a project-relative path whether it is indexed at all; everything that is not ignored by default. */
  accepts?(path: string): boolean;
  /** Number of parser threads; by default one per core, at most 8. */
  readonly threads?: number;
}

/**
 * Brings an index up to date with its project: walk, plan, parse, record in the catalogue, embed, write to the store.
 * A file that fails is recorded as skipped or degraded and never stops the run. Throws what catalogue, store or embedder
 * throw; what was recorded until then is kept, and the next run goes on from there.
 */
export async function indexProject(parts: IndexParts, options: IndexOptions): Promise<IndexReport> {
  keepYoungHeapSmall();
  const run = new IndexRun(parts, options);
  try {
    return await run.complete();
  } finally {
    await run.close();
  }
}

/** One run from beginning to end. */
class IndexRun {
  readonly #parts: IndexParts;
  readonly #options: IndexOptions;
  readonly #chunkOptions: ChunkOptions;
  readonly #startedAt: Date;
  readonly #clock = new StageClock();
  readonly #meter: ProgressMeter;
  readonly #store: StoreWriter;
  readonly #pool: ParsePool;
  #repaired = 0;
  #completed = false;

  constructor(parts: IndexParts, options: IndexOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#chunkOptions = resolveChunkOptions(options.chunkOptions);
    this.#startedAt = options.now();
    this.#meter = new ProgressMeter(
      (progress) => options.onProgress?.(progress),
      parts.embedder !== null && !parts.embedder.threads,
    );
    this.#store = new StoreWriter({ ...parts, meter: this.#meter, signal: options.signal });
    const { writer } = parts.catalogue;
    this.#pool = new ParsePool({
      chunkOptions: this.#chunkOptions,
      ...(options.readLimits && { readLimits: options.readLimits }),
      ...(options.threads !== undefined && { threads: options.threads }),
      ...(parts.embedder?.threads && { embedder: parts.embedder.threads }),
      quarantined: writer.quarantined(),
      onQuarantine: (hash) => writer.quarantine(hash),
    });
  }

  async complete(): Promise<IndexReport> {
    const project = await this.#walk();
    if (project === null) return this.#report(null, null);
    const { writer } = this.#parts.catalogue;
    writer.beginRun(this.#startedAt.toISOString());
    await this.#recover();
    const known = writer.files();
    const plan = planFiles(project.files, known, chunkerVersions(this.#chunkOptions));
    writer.requireRoom(plan.toRead.reduce((sum, { bytes }) => sum + bytes, 0));
    const committer = new OutcomeCommitter(writer, new Set(known.keys()), this.#startedAt);
    await this.#parse(plan, committer);
    if (!this.#aborted) await this.#finish(project, plan, committer);
    else await this.#stop();
    return this.#report(project, { plan, committer });
  }

  /** Ends the threads and waits for a write in progress, so that the store can be closed. */
  async close(): Promise<void> {
    await this.#pool.close();
    await this.#store.settle().catch(() => undefined);
  }

  get #aborted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  /** Null when stopped. */
  async #walk(): Promise<ProjectFiles | null> {
    try {
      const project = await walkProject(this.#parts.matcher, this.#meter, this.#options);
      this.#clock.walked();
      return project;
    } catch (error) {
      if (this.#aborted) return null;
      throw error;
    }
  }

  /** Brings what an earlier run left pending, then checks the store. */
  async #recover(): Promise<void> {
    await this.#unlessAborted(() => this.#store.flush());
    if (!this.#aborted) this.#repaired = await repairStore(this.#parts.catalogue, this.#parts.store);
  }

  async #parse(plan: Plan, committer: OutcomeCommitter): Promise<void> {
    this.#meter.planned(
      plan.toRead.length,
      plan.toRead.reduce((sum, file) => sum + file.bytes, 0),
    );
    for await (const { planned, outcome, cost } of parseInOrder(plan.toRead, this.#pool, this.#options.signal)) {
      this.#clock.parsed(cost);
      this.#meter.parsed(planned.bytes);
      const chunks = committer.add(outcome);
      if (chunks > 0) await this.#unlessAborted(() => this.#store.recorded(chunks));
    }
    // The parsers' memory is given back before the store needs some to tidy up.
    await this.#pool.close();
    const chunks = committer.flush();
    if (chunks > 0) await this.#unlessAborted(() => this.#store.recorded(chunks));
  }

  async #finish(project: ProjectFiles, plan: Plan, committer: OutcomeCommitter): Promise<void> {
    const { catalogue, store } = this.#parts;
    committer.drop(plan.gone);
    committer.flush();
    catalogue.writer.setSkipped([...project.skipped, ...committer.skipped]);
    await this.#unlessAborted(() => this.#store.flush());
    if (this.#aborted) return;
    this.#meter.finishing();
    await store.optimize();
    catalogue.writer.completeRun(this.#options.now().toISOString());
    this.#completed = true;
    this.#meter.finished();
  }

  /** Stopped: what is recorded is safe in the catalogue; where no server has to embed it, it also goes to the store. */
  async #stop(): Promise<void> {
    const { embedder } = this.#parts;
    if (embedder === null || embedder.threads) await this.#store.flush();
    else await this.#unlessAborted(() => this.#store.settle());
  }

  /** Runs a step; its failure counts only while the run has not been stopped. */
  async #unlessAborted(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (!this.#aborted) throw error;
    }
  }

  #report(project: ProjectFiles | null, done: { plan: Plan; committer: OutcomeCommitter } | null): IndexReport {
    const totals = this.#parts.catalogue.reader.totals();
    const counts = done?.committer.counts ?? { added: 0, changed: 0, removed: 0, unchanged: 0, parsed: 0 };
    return {
      files: totals.files,
      chunks: totals.chunks,
      symbols: totals.symbols,
      skipped: totals.skipped,
      degraded: totals.degraded,
      bytes: totals.bytes,
      ignored: project?.ignored ?? 0,
      ...counts,
      unchanged: counts.unchanged + (done?.plan.untouched ?? 0),
      embedded: this.#store.embedded,
      repaired: this.#repaired,
      elapsedMs: this.#options.now().getTime() - this.#startedAt.getTime(),
      stages: this.#clock.costs(this.#store.embedMs),
      aborted: !this.#completed,
      notices: project?.notices ?? [],
    };
  }
}

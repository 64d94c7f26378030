import { ServiceError } from '../../src/core/errors.ts';
import { resolveChunkOptions } from '../chunk/chunk-options.ts';
import { chunkerVersions } from '../chunk/chunker-version.ts';
import { ParsePool } from '../parse/parse-pool.ts';
import type { IndexOptions, IndexParts } from '../run/index-parts.ts';
import type { IndexReport } from '../run/index-report.ts';
import { type MemoryPlan, memoryPlan } from '../run/memory-plan.ts';
import { repairStore } from '../run/repair-store.ts';
import { StoreWriter } from '../run/store-writer.ts';
import { keepYoungHeapSmall } from '../run/young-heap.ts';
import { requireRoot } from '../walk/walk.ts';
import { foldsNames } from './exact-names.ts';
import { PathSet } from './path-set.ts';
import { reconcileProject, type ReconciliationResult } from './reconciliation.ts';
import { refreshPaths, type RefreshParts } from './refresh-paths.ts';
import type { RefreshReport } from './refresh-report.ts';
import { RunAccount, type RunCosts } from './run-account.ts';
import { StoreUpkeep } from './store-upkeep.ts';
import { Turns } from './turns.ts';

/** How all files are compared with the index. */
export interface ReconcileRequest {
  /** Compares contents, whatever size and time of a file say. */
  readonly byHash?: boolean;
  /** Leaves it to the caller to note that the run is complete, for when all is in the store. */
  readonly leavesOpen?: boolean;
  readonly signal?: AbortSignal;
}

/** When `tidy` should be called: at once, as soon as nothing else goes on, or not at all. */
export type TidyDue = 'now' | 'when_idle' | 'nothing';

/** So many chunks may be pending before somebody should bring them to the store: all readers hold them in memory. */
const tolerableBacklog = 1000;
const defaultParserIdleMs = 5 * 60_000;

/**
 * Keeps the index of one project the same as its files, for as long as somebody tells it where to look. What a method has
 * recorded is in the catalogue, on the disk, and found by searches from then on; the store gets it with `tidy`.
 *
 * Refreshes run one after the other and so do reconciliations, but a refresh waits for no reconciliation: what it looks
 * at it claims, and a reconciliation leaves claimed paths to it. Neither waits for `tidy`.
 */
export class LiveIndex {
  readonly #parts: IndexParts;
  readonly #options: IndexOptions;
  readonly #versionOf: (language: string) => string;
  readonly #plan: MemoryPlan;
  readonly #pool: ParsePool;
  readonly #storeWriter: StoreWriter;
  readonly #upkeep: StoreUpkeep;
  readonly #refreshes = new Turns();
  readonly #reconciliations = new Turns();
  readonly #tidyings = new Turns();
  readonly #closing = new AbortController();
  /** What refreshes have looked at since the reconciliation that goes on began; null while there is none. */
  #claims: PathSet | null = null;
  #foldsNames: boolean | null = null;
  #hasRecovered = false;
  #parserTimer: NodeJS.Timeout | undefined;
  /** Of the last reconciliation. */
  #run: RunAccount | null = null;

  constructor(parts: IndexParts, options: IndexOptions) {
    keepYoungHeapSmall();
    this.#parts = parts;
    this.#options = options;
    const chunkOptions = resolveChunkOptions(options.chunkOptions);
    this.#versionOf = chunkerVersions(chunkOptions);
    this.#plan = memoryPlan(options.memoryBudgetMb, options.threads);
    this.#storeWriter = new StoreWriter(parts, this.#plan.batchChunks);
    this.#upkeep = new StoreUpkeep(parts, () => options.now());
    const { writer } = parts.catalogue;
    this.#pool =
      options.parsers ??
      new ParsePool({
        chunkOptions,
        ...(options.readLimits && { readLimits: options.readLimits }),
        threads: this.#plan.threads,
        mayGrow: () => process.memoryUsage.rss() < this.#plan.recycleBytes,
        ...(parts.embedder?.threads && { embedder: parts.embedder.threads }),
        quarantined: writer.quarantined(),
        onQuarantine: (hash) => writer.quarantine(hash),
      });
  }

  /** Chunks that are recorded and not yet in the store. */
  get pendingChunks(): number {
    return this.#parts.catalogue.writer.backlog().chunks;
  }

  /** Whether the store waits for `tidy`. */
  get due(): TidyDue {
    const { files, chunks } = this.#parts.catalogue.writer.backlog();
    if (chunks >= tolerableBacklog) return 'now';
    return files > 0 || this.#upkeep.isDue ? 'when_idle' : 'nothing';
  }

  /**
   * Looks at what is on disk now at these project-relative paths (files, folders, things that are gone) and records what
   * differs; resolves when it is recorded. Rule files bring the comparison of all they rule over. Of paths inside git's
   * own folder only the ones with rules count. Errors: `aborted`, `source_unreadable`, `store_failed`, `request_invalid`.
   */
  refresh(paths: readonly string[], signal?: AbortSignal): Promise<RefreshReport> {
    return this.#refreshes.take(() => this.#refresh(paths, this.#signal(signal)));
  }

  /**
   * Compares the whole project with the index; the first time also the store with the catalogue, which an unclean stop may
   * have parted. A run that is stopped keeps what it has recorded. Errors: `source_unreadable`, `store_failed`, and those
   * of the embedder once too much waits for it.
   */
  reconcile(request: ReconcileRequest = {}): Promise<IndexReport> {
    return this.#reconciliations.take(() => this.#reconcile(request));
  }

  /** Notes that a reconciliation which was left open is complete. */
  completeRun(): void {
    this.#parts.catalogue.writer.completeRun(this.#options.now().toISOString());
  }

  /** Brings what is pending to the store. Errors: those of store and embedder; none once it was stopped. */
  async drain(signal?: AbortSignal): Promise<void> {
    const either = this.#signal(signal);
    try {
      await this.#storeWriter.flush(either);
    } catch (error) {
      if (!either.aborted) throw error;
    }
  }

  /**
   * Brings what is pending to the store and then, if little goes on or much has piled up, its indexes up to date. An
   * optimization that fails raises an alarm in the catalogue, for the next one to take back. Errors: as `drain`.
   */
  tidy(signal?: AbortSignal): Promise<void> {
    return this.#tidyings.take(async () => {
      await this.drain(signal);
      if (this.#signal(signal).aborted) return;
      this.#run?.meter.finishing();
      await this.#upkeep.optimize();
      this.#parts.catalogue.writer.shrink();
      this.#run?.meter.finished();
    });
  }

  /** Parser threads that are running. */
  get parserThreads(): number {
    return this.#pool.running;
  }

  /** Ends the parser threads, as after some idle minutes; the next file starts them again. */
  async rest(): Promise<void> {
    clearTimeout(this.#parserTimer);
    if (this.#options.parsers === undefined) await this.#pool.rest();
  }

  /** What the last reconciliation has cost, with all that was done since. */
  costs(): RunCosts {
    if (this.#run === null) throw new ServiceError('internal', 'Nothing has been compared yet, so nothing was spent.');
    return this.#run.costs();
  }

  /** Stops what goes on and waits for it, so that catalogue and store can be closed. */
  async close(): Promise<void> {
    clearTimeout(this.#parserTimer);
    this.#closing.abort(new ServiceError('aborted', 'The index is being closed.'));
    if (this.#options.parsers === undefined) await this.#pool.close();
    await Promise.all([this.#refreshes.end(), this.#reconciliations.end(), this.#tidyings.end()]);
    await this.#storeWriter.settle();
  }

  async #refresh(paths: Iterable<string>, signal: AbortSignal): Promise<RefreshReport> {
    signal.throwIfAborted();
    this.#upkeep.busy();
    try {
      return await refreshPaths(paths, this.#refreshParts(signal));
    } finally {
      this.#parkParsers();
    }
  }

  async #reconcile(request: ReconcileRequest): Promise<IndexReport> {
    const signal = this.#signal(request.signal);
    const { matcher } = this.#parts;
    const run = this.#begin();
    const claims = new PathSet();
    // Begun between two refreshes: what one has looked at before must be recorded before. The next ones read rules anew,
    // which may have changed without a word.
    await this.#refreshes.take(async () => {
      this.#claims = claims;
      matcher.forget('');
    });
    try {
      requireRoot(matcher.root);
      const repaired = await this.#recover(signal);
      const { clock, meter, startedAt } = run;
      const byHash = request.byHash ?? false;
      const result = await reconcileProject({ ...this.#shared(), clock, meter, startedAt, claims, signal, byHash });
      this.#claims = null;
      const isComplete = result.isComplete && (await this.#settle(result.contested, signal));
      if (isComplete && request.leavesOpen !== true) this.completeRun();
      return this.#report({ ...result, isComplete }, repaired);
    } finally {
      if (this.#claims === claims) this.#claims = null;
      this.#parkParsers();
    }
  }

  #begin(): RunAccount {
    const { embedder } = this.#parts;
    this.#run = new RunAccount(this.#options, this.#storeWriter, embedder !== null && !embedder.threads);
    return this.#run;
  }

  /** The first time, puts right what an unclean stop has left behind; returns the number of files to read anew. */
  async #recover(signal: AbortSignal): Promise<number> {
    if (this.#hasRecovered || signal.aborted) return 0;
    const { catalogue, store } = this.#parts;
    const repaired = await this.#storeWriter.exclusively(() => repairStore(catalogue, store));
    this.#hasRecovered = true;
    return repaired;
  }

  /** Looks once more at what both a refresh and the reconciliation have looked at; false when stopped. */
  async #settle(contested: readonly string[], signal: AbortSignal): Promise<boolean> {
    try {
      if (contested.length > 0) await this.#refreshes.take(() => this.#refresh(contested, signal));
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }

  #shared() {
    return {
      ...this.#parts,
      pool: this.#pool,
      windowBytes: this.#plan.windowBytes,
      storeWriter: this.#storeWriter,
      versionOf: this.#versionOf,
      accepts: (path: string) => this.#options.accepts?.(path) ?? true,
    };
  }

  #refreshParts(signal: AbortSignal): RefreshParts {
    this.#foldsNames ??= foldsNames(this.#parts.matcher.root);
    return {
      ...this.#shared(),
      signal,
      now: () => this.#options.now(),
      foldsNames: this.#foldsNames ?? false,
      claim: (path) => this.#claims?.add(path),
    };
  }

  #signal(given: AbortSignal | undefined): AbortSignal {
    return given === undefined ? this.#closing.signal : AbortSignal.any([given, this.#closing.signal]);
  }

  /** Lets the parser threads go when nothing has come for a while. */
  #parkParsers(): void {
    clearTimeout(this.#parserTimer);
    if (this.#closing.signal.aborted) return;
    const idleMs = this.#options.parserIdleMs ?? defaultParserIdleMs;
    this.#parserTimer = setTimeout(() => void this.rest(), idleMs).unref();
  }

  #report({ project, counts, isComplete }: ReconciliationResult, repaired: number): IndexReport {
    const { files, chunks, symbols, skipped, degraded, bytes } = this.#parts.catalogue.reader.totals();
    return {
      files,
      chunks,
      symbols,
      skipped,
      degraded,
      bytes,
      ignored: project?.ignored ?? 0,
      ...counts,
      repaired,
      ...this.costs(),
      aborted: !isComplete,
      notices: project?.notices ?? [],
    };
  }
}

import { IndexKeeper } from '../../../indexer/keep/keep-current.ts';
import type { KeepClock, KeptIndex } from '../../../indexer/keep/keep-ports.ts';
import type { WatchListener } from '../../../indexer/watch/watch-listener.ts';
import { type ProjectWatch, watchProject } from '../../../indexer/watch/watch-project.ts';
import { gitExcludesFile } from '../../config.ts';
import { toServiceError } from '../../core/errors.ts';
import type { LiveState } from '../../core/live.ts';
import { answerRequests } from '../../store/live/answer-requests.ts';
import { openLiveState } from '../../store/live-state.ts';
import type { LiveStateFile } from '../../store/live-state.ts';
import type { IndexSummary } from '../../verbs/reports.ts';
import type { KeptState, WatchEvent } from '../../verbs/watch/watch-events.ts';
import { outsideOwnData } from './own-data.ts';
import { openLiveIndex } from './open-live-index.ts';
import type { LiveWiring, OpenLiveIndex } from './open-live-index.ts';
import type { Turns } from '../../../indexer/live/turns.ts';

/** What a project is watched with. */
export interface WatchedProjectParts extends Pick<LiveWiring, 'project' | 'config' | 'purpose'> {
  /** For long work, of which several projects should not do much at once. */
  readonly turns: Turns;
  onEvent(event: WatchEvent): void;
  /** The index cannot be used any more as it is: it has to be closed, and opened anew. */
  onBroken(): void;
}

const progressMs = 250;

/** The index of one project, open and kept current by this process until it is closed. */
export class WatchedProject {
  readonly #parts: WatchedProjectParts;
  readonly #controller = new AbortController();
  readonly #stateFile: LiveStateFile;
  #live: OpenLiveIndex | null = null;
  #keeper: IndexKeeper | null = null;
  #stopAnswering: () => void = () => undefined;
  #progress: number | null = null;
  #progressToldAt = -Infinity;

  private constructor(parts: WatchedProjectParts) {
    this.#parts = parts;
    this.#stateFile = openLiveState(parts.project.indexFolder);
  }

  /** Takes the writer's place, and begins. Errors: `index_busy`, and those of the embedder and the store. */
  static async open(parts: WatchedProjectParts): Promise<WatchedProject> {
    const watched = new WatchedProject(parts);
    await watched.#begin();
    return watched;
  }

  /** Has files looked at that may have changed, by project-relative paths. */
  look(paths: readonly string[]): void {
    this.#keeper?.note(paths);
  }

  /** Has all files compared with the index; what goes wrong is part of its state. */
  compare(): void {
    this.#keeper?.bringUpToDate().catch(() => undefined);
  }

  /** Stops in order. */
  async close(): Promise<void> {
    this.#controller.abort();
    this.#stopAnswering();
    try {
      await this.#keeper?.close();
      await this.#live?.close();
    } finally {
      this.#stateFile.close();
    }
  }

  async #begin(): Promise<void> {
    const { project, config, purpose } = this.#parts;
    this.#live = await openLiveIndex({
      project,
      config,
      purpose,
      signal: this.#controller.signal,
      onProgress: ({ fraction }) => this.#progressed(fraction),
      onNotice: (message) => this.#emit({ type: 'notice', project: project.name, message }),
    });
    const keeper = new IndexKeeper({
      index: this.#watchedFor(this.#live.index),
      watch: (listener) => this.#watchFiles(listener),
      clock: systemClock,
      pid: process.pid,
      reconcileMs: config.values.reconcileSeconds * 1_000,
      ...(!this.#live.isComplete && { inTurn: (work) => this.#parts.turns.take(work) }),
      listener: {
        onState: (state) => this.#told(state),
        onReconciled: (report) => {
          const { files, added, changed, removed, elapsedMs } = report;
          this.#emit({ type: 'compared', project: project.name, files, added, changed, removed, elapsedMs });
        },
        onRefreshed: (report, paths) => {
          const { added, changed, removed, elapsedMs } = report;
          if (added + changed + removed === 0) return;
          this.#emit({ type: 'changed', project: project.name, paths, added, changed, removed, elapsedMs });
        },
      },
    });
    this.#keeper = keeper;
    keeper.start();
    this.#stopAnswering = answerRequests(project.indexFolder, {
      answer: () => this.#summary(keeper),
      now: () => Date.now(),
    });
  }

  /** What this process writes itself is no change of the project. */
  #watchFiles(listener: WatchListener): Promise<ProjectWatch> {
    const { project, config } = this.#parts;
    const isProject = outsideOwnData(project.root, config.values.dataFolder);
    return watchProject(
      { root: project.root, globalExcludesFile: gitExcludesFile() },
      {},
      { ...listener, onPaths: (paths) => listener.onPaths(paths.filter(isProject)) },
    );
  }

  async #summary(keeper: IndexKeeper): Promise<IndexSummary> {
    const { name, root } = this.#parts.project;
    return { project: name, root, ...(await keeper.bringUpToDate()), embedder: this.#live?.embedder ?? null };
  }

  /** The index, with a look at what it does: progress is told, and an index that is broken is given up. */
  #watchedFor(index: KeptIndex): KeptIndex {
    const noting = async <Result>(work: Promise<Result>): Promise<Result> => {
      try {
        return await work;
      } catch (error) {
        if (toServiceError(error).code === 'index_incompatible') this.#parts.onBroken();
        throw error;
      }
    };
    return {
      reconcile: async (request) => {
        this.#progress = 0;
        this.#tellState();
        try {
          return await noting(index.reconcile(request));
        } finally {
          this.#progress = null;
          this.#tellState();
        }
      },
      refresh: (paths, signal) => noting(index.refresh(paths, signal)),
      tidy: async (signal) => {
        const startedAt = performance.now();
        await noting(index.tidy(signal));
        const elapsedMs = Math.round(performance.now() - startedAt);
        this.#emit({ type: 'tidied', project: this.#parts.project.name, elapsedMs, isDone: index.due === 'nothing' });
      },
      get due() {
        return index.due;
      },
    };
  }

  #progressed(fraction: number): void {
    if (this.#progress === null) return;
    this.#progress = fraction;
    const now = performance.now();
    if (now - this.#progressToldAt < progressMs) return;
    this.#progressToldAt = now;
    this.#tellState();
  }

  #told(state: LiveState): void {
    this.#stateFile.write(state);
    this.#tellState(state);
  }

  #tellState(live: LiveState | null = this.#keeper?.state() ?? null): void {
    this.#emit({ type: 'state', project: this.#parts.project.name, ...keptState(live, this.#progress) });
  }

  #emit(event: WatchEvent): void {
    this.#parts.onEvent(event);
  }
}

/** How a project fares, from what its keeper says. */
export function keptState(live: LiveState | null, progress: number | null): KeptState {
  const problem = live?.problem ?? null;
  if (progress !== null) return { state: 'indexing', progress, problem, live };
  // What fails beside the files, such as tidying the store, leaves the index current.
  const isBehind = problem !== null && live?.pendingSince !== null;
  if (isBehind) return { state: 'failed', progress: null, problem, live };
  return { state: live?.checkedAt === null ? 'indexing' : 'ready', progress: null, problem, live };
}

const systemClock: KeepClock = {
  now: () => Date.now(),
  at(time, action) {
    // A longer wait than a timer can take is none that a project has.
    const timer = setTimeout(action, Math.min(Math.max(0, time - Date.now()), 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

import type { FlagValues } from '../../config.ts';
import { toServiceError } from '../../core/errors.ts';
import { runIndexChild } from './index-child.ts';
import type { KeptState, ProjectKeeper } from '../../verbs/gateway/project-keeper.ts';
import type { RunProgress } from '../../verbs/reports.ts';

/** A project that is to be kept up to date. */
export interface KeptProject {
  readonly name: string;
  /** Absolute path. */
  readonly root: string;
  /** False where there is no index yet. */
  readonly isIndexed: boolean;
}

/** What a keeper works with. */
export interface ProcessKeeperOptions {
  readonly projects: readonly KeptProject[];
  /** The program, to be run anew for each run: `process.argv[1]`. */
  readonly entry: string;
  /** Options as this process was given them. */
  readonly flags: FlagValues;
  /** Seconds from the end of a project's run to its next one. */
  readonly reconcileSeconds: number;
  /** Milliseconds of a clock that only moves forward. */
  readonly now: () => number;
  /** Told after a run that changed an index, or made one: then it may have to be opened anew. */
  readonly onChanged: (project: string) => void;
}

/** What is known of a project between runs. */
interface Keeping {
  readonly project: KeptProject;
  isIndexed: boolean;
  dueAt: number;
  state: KeptState;
}

/** Another process that writes the index, such as `lorekeep index`, is soon done. */
const busyRetryMs = 10_000;

/** Indexes what is not indexed and keeps it current: one project at a time, each run a process of its own. */
export class ProcessKeeper implements ProjectKeeper {
  readonly #options: ProcessKeeperOptions;
  readonly #keepings: ReadonlyMap<string, Keeping>;
  readonly #controller = new AbortController();
  #loop: Promise<void> | null = null;
  #wake: (() => void) | null = null;

  constructor(options: ProcessKeeperOptions) {
    this.#options = options;
    // What has no index comes first, in the order given; `-Infinity` is earlier than any request.
    const dueAt = (isIndexed: boolean): number => (isIndexed ? options.now() : -Infinity);
    this.#keepings = new Map(
      options.projects.map((project) => {
        const { name, isIndexed } = project;
        return [name, { project, isIndexed, dueAt: dueAt(isIndexed), state: restState(isIndexed) }];
      }),
    );
  }

  /** Begins to work; safe to call again. */
  start(): void {
    this.#loop ??= this.#run();
  }

  /** `indexing` also while a project waits for its first index. One that is not kept stays as it is: `ready`. */
  state(project: string): KeptState {
    return this.#keepings.get(project)?.state ?? restState(true);
  }

  /** Has a project looked at next, once more if it is being looked at. */
  reindex(project: string): void {
    const keeping = this.#keepings.get(project);
    if (keeping === undefined) return;
    keeping.dueAt = -Infinity;
    this.#wake?.();
  }

  /** Stops a run in order, and resolves when it has ended. */
  async close(): Promise<void> {
    this.#controller.abort();
    this.#wake?.();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#controller;
    while (!signal.aborted) {
      const [next] = [...this.#keepings.values()].sort(byDueTime);
      if (next === undefined) return;
      const waitMs = next.dueAt - this.#options.now();
      if (waitMs > 0) await this.#sleep(waitMs);
      else await this.#bringUpToDate(next, signal);
    }
  }

  async #bringUpToDate(keeping: Keeping, signal: AbortSignal): Promise<void> {
    const { entry, flags, reconcileSeconds, now, onChanged } = this.#options;
    const { name, root } = keeping.project;
    const before = keeping.state;
    // A request that comes while this run is under way asks for another one.
    keeping.dueAt = Infinity;
    keeping.state = { state: 'indexing', progress: 0, problem: null };
    let retryMs = reconcileSeconds * 1000;
    try {
      const onProgress = ({ fraction }: RunProgress): void => {
        keeping.state = { ...keeping.state, progress: fraction };
      };
      const summary = await runIndexChild({ entry, folder: root, flags, onProgress }, signal);
      const { added, changed, removed, repaired } = summary;
      const isNews = !keeping.isIndexed || added + changed + removed + repaired > 0;
      keeping.isIndexed = true;
      keeping.state = restState(true);
      if (isNews) onChanged(name);
    } catch (error) {
      const { code, message } = toServiceError(error);
      // Another process does the work, or nobody wants it any more: not a failure of this project.
      const isElsewhere = code === 'index_busy' || code === 'aborted';
      if (isElsewhere) retryMs = Math.min(retryMs, busyRetryMs);
      keeping.state = isElsewhere
        ? { ...before, progress: null }
        : { state: 'failed', progress: null, problem: message };
    }
    keeping.dueAt = Math.min(keeping.dueAt, now() + retryMs);
  }

  /** Waits, or until there is something to do. */
  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(milliseconds, 2 ** 31 - 1));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Of two that are due at the same time the one that was named first comes first. */
function byDueTime(one: Keeping, other: Keeping): number {
  if (one.dueAt === other.dueAt) return 0;
  return one.dueAt < other.dueAt ? -1 : 1;
}

/** How a project is while nothing is done for it. */
function restState(isIndexed: boolean): KeptState {
  return { state: isIndexed ? 'ready' : 'indexing', progress: null, problem: null };
}

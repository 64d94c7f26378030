import { BackOff } from '../../../indexer/keep/back-off.ts';
import type { FlagValues } from '../../config.ts';
import type { ProjectKeeper } from '../../verbs/gateway/project-keeper.ts';
import type { KeptState, WatchCommand, WatchEvent } from '../../verbs/watch/watch-events.ts';
import { startWatchChild } from './watch-child.ts';
import type { WatchChild } from './watch-child.ts';

/** A project that is to be kept current. */
export interface KeptProject {
  readonly name: string;
  /** Absolute path. */
  readonly root: string;
  /** False where there is no index yet. */
  readonly isIndexed: boolean;
}

/** What a keeper works with. */
export interface WatchKeeperOptions {
  readonly projects: readonly KeptProject[];
  /** The program, to be run anew: `process.argv[1]`. */
  readonly entry: string;
  /** Options as this process was given them. */
  readonly flags: FlagValues;
  /** Milliseconds of a clock that only moves forward. */
  readonly now: () => number;
}

/** A process that has run for so long was in order: its end is the first failure of a row. */
const soundMs = 60_000;

/** Keeps projects current in one process of its own, which is started anew when it ends. */
export class WatchKeeper implements ProjectKeeper {
  readonly #options: WatchKeeperOptions;
  readonly #states: Map<string, KeptState>;
  readonly #backOff = new BackOff();
  readonly #closing = Promise.withResolvers<void>();
  #isClosed = false;
  #child: WatchChild | null = null;
  #loop: Promise<void> | null = null;

  constructor(options: WatchKeeperOptions) {
    this.#options = options;
    this.#states = new Map(options.projects.map(({ name, isIndexed }) => [name, restState(isIndexed)]));
  }

  /** Begins to work; safe to call again. */
  start(): void {
    this.#loop ??= this.#run();
  }

  /** `indexing` also while a project waits for its first index. One that is not kept stays as it is: `ready`. */
  state(project: string): KeptState {
    return this.#states.get(project) ?? restState(true);
  }

  /** Has all files of a project compared with its index. */
  reindex(project: string): void {
    this.#send({ do: 'compare', project });
  }

  /** Has files looked at that may have changed, by project-relative paths. */
  look(project: string, paths: readonly string[]): void {
    if (paths.length > 0) this.#send({ do: 'look', project, paths });
  }

  /** Ends the process in order, and resolves when it has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#closing.resolve();
    await this.#child?.stop();
    await this.#loop;
  }

  /** A process that is just being started compares all files by itself. */
  #send(command: WatchCommand): void {
    this.#child?.send(command);
  }

  async #run(): Promise<void> {
    const { projects, entry, flags, now } = this.#options;
    if (projects.length === 0) return;
    // What has no index comes first, in the order given.
    const folders = projects
      .toSorted((one, other) => Number(one.isIndexed) - Number(other.isIndexed))
      .map(({ root }) => root);
    while (!this.#isClosed) {
      const startedAt = now();
      this.#child = startWatchChild({ entry, folders, flags, onEvent: (event) => this.#note(event) });
      const end = await this.#child.ended;
      this.#child = null;
      if (this.#isClosed) return;
      if (now() - startedAt >= soundMs) this.#backOff.succeeded();
      this.#backOff.failed(now(), end);
      this.#lost(end);
      await this.#wait(this.#backOff.retryAt - now());
    }
  }

  #note(event: WatchEvent): void {
    if (event.type !== 'state' || !this.#states.has(event.project)) return;
    const { state, progress, problem, live } = event;
    this.#states.set(event.project, { state, progress, problem, live });
  }

  #lost(end: string): void {
    const problem = `The process that keeps the indexes current has ended (${end}); it is started again.`;
    for (const name of this.#states.keys()) {
      this.#states.set(name, { state: 'failed', progress: null, problem, live: null });
    }
  }

  async #wait(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    await Promise.race([promise, this.#closing.promise]);
    clearTimeout(timer);
  }
}

/** How a project is before anything is known of it. */
function restState(isIndexed: boolean): KeptState {
  return { state: isIndexed ? 'ready' : 'indexing', progress: null, problem: null, live: null };
}

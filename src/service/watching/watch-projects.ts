import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { toServiceError } from '../../core/errors.ts';
import type { ServiceError } from '../../core/errors.ts';
import { currentNumber } from '../../store/index-place.ts';
import { askWriter } from '../../store/live/ask-writer.ts';
import { readLiveState } from '../../store/live-state.ts';
import type { KeptState, WatchCommand, WatchEvent } from '../../verbs/watch/watch-events.ts';
import { Turns } from '../../../indexer/live/turns.ts';
import { keptState, WatchedProject } from './watched-project.ts';
import type { WatchedProjectParts } from './watched-project.ts';

/** How projects are watched. */
export interface WatchControl {
  readonly signal: AbortSignal;
  onEvent(event: WatchEvent): void;
  /** What others ask for meanwhile. */
  readonly commands?: AsyncIterable<WatchCommand>;
  /** True: what another process writes, or cannot be opened, is waited for. False: then nothing is watched at all. */
  readonly isPatient: boolean;
}

/** A project, and by what its index is kept. */
export type WatchTarget = Pick<WatchedProjectParts, 'project' | 'config' | 'purpose'>;

/** Keeps the indexes of projects current until it is stopped. Errors, when not patient: those of opening an index. */
export async function watchProjects(targets: readonly WatchTarget[], control: WatchControl): Promise<void> {
  const turns = new Turns();
  const watchings = targets.map((target) => new ProjectWatching({ ...target, turns, control }));
  try {
    if (!control.isPatient) for (const watching of watchings) await watching.open();
    const following = follow(watchings, control);
    await Promise.all(watchings.map((watching) => watching.keep()));
    await following;
  } finally {
    await Promise.all(watchings.map((watching) => watching.close()));
  }
}

async function follow(watchings: readonly ProjectWatching[], { commands, signal }: WatchControl): Promise<void> {
  if (commands === undefined) return;
  for await (const command of commands) {
    if (signal.aborted) return;
    watchings.find(({ name }) => name === command.project)?.obey(command);
  }
}

interface WatchingParts extends WatchTarget {
  readonly turns: Turns;
  readonly control: WatchControl;
}

/** Times to wait before an index is opened again, in milliseconds: after another process had it, and after failures. */
const againMs = { busy: 5_000, first: 1_000, longest: 60_000 } as const;

/** One project: opened, and opened anew when it has to be. */
class ProjectWatching {
  readonly #parts: WatchingParts;
  #open: WatchedProject | null = null;
  #broken = Promise.withResolvers<void>();
  #failures = 0;

  constructor(parts: WatchingParts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.project.name;
  }

  /** Opens the index and begins. Errors: those of opening it. */
  async open(): Promise<void> {
    const { project, config, purpose, turns, control } = this.#parts;
    this.#broken = Promise.withResolvers<void>();
    const broken = this.#broken;
    this.#open = await WatchedProject.open({
      project,
      config,
      purpose,
      turns,
      onEvent: (event) => control.onEvent(event),
      onBroken: () => broken.resolve(),
    });
  }

  /** Keeps it open until it is stopped. */
  async keep(): Promise<void> {
    const { signal } = this.#parts.control;
    while (!signal.aborted) {
      try {
        if (this.#open === null) await this.open();
        await Promise.race([this.#broken.promise, aborted(signal)]);
        await this.close();
        if (!signal.aborted) await this.#waitAfter(null);
      } catch (error) {
        if (!signal.aborted) await this.#waitAfter(toServiceError(error));
      }
    }
  }

  /** Does what is asked, now or as soon as it can be done. */
  obey(command: WatchCommand): void {
    if (this.#open === null) void this.#askElsewhere();
    else if (command.do === 'look') this.#open.look(command.paths);
    else this.#open.compare();
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.close();
  }

  /** Another process that keeps the index current is asked; where there is none, the next opening compares all files. */
  async #askElsewhere(): Promise<void> {
    const { project, control } = this.#parts;
    const request = { id: randomUUID(), timeoutMs: againMs.longest, signal: control.signal };
    await askWriter(project.indexFolder, request).catch(() => undefined);
  }

  async #waitAfter(error: ServiceError | null): Promise<void> {
    const isBusy = error?.code === 'index_busy';
    this.#failures = isBusy ? 0 : this.#failures + 1;
    if (error !== null) this.#tell(isBusy ? this.#stateElsewhere() : failedState(error.message));
    const waitMs = isBusy ? againMs.busy : Math.min(againMs.longest, againMs.first * 2 ** (this.#failures - 1));
    try {
      await pause(waitMs, undefined, { signal: this.#parts.control.signal });
    } catch {
      // Stopped: there is nothing to wait for any more.
    }
  }

  /** As the process says that writes it; one that only indexes says nothing. */
  #stateElsewhere(): KeptState {
    const { indexFolder } = this.#parts.project;
    const live = readLiveState(indexFolder);
    if (live !== null) return keptState(live, null);
    const state = currentNumber(indexFolder) === null ? 'indexing' : 'ready';
    return { state, progress: null, problem: null, live };
  }

  #tell(state: KeptState): void {
    this.#parts.control.onEvent({ type: 'state', project: this.name, ...state });
  }
}

function failedState(problem: string): KeptState {
  return { state: 'failed', progress: null, problem, live: null };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

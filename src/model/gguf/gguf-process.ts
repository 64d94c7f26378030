import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { ServiceError, toServiceError } from '../../core/errors.ts';
import { ChildInbox } from './child-inbox.ts';
import type { ChildSetup, Finished, Job, Piece, ToChild } from './child-messages.ts';
import { TurnQueue } from './turn-queue.ts';

/** How a process is run. */
export interface ProcessOptions {
  /** Longest silence while it works, in milliseconds, before it is ended. */
  readonly silenceMs: number;
  /** Longest time that one job may take in all, in milliseconds, before its process is ended; undefined for any. */
  readonly totalMs?: number | undefined;
  /** Time without work, in milliseconds, after which it is ended; a call may say otherwise for the time behind it. */
  readonly idleMs: number;
  /** How long it may take to notice that nobody waits for its work any more, in milliseconds, before it is ended. */
  readonly stopMs?: number;
  /** Module that it runs, for tests. */
  readonly childUrl?: URL;
}

/** Source files run as they are during development, compiled ones from `dist`: the module has this file's ending. */
const defaultChildUrl = new URL(`./child/gguf-child${extname(import.meta.url)}`, import.meta.url);
/** A process looks up between two batches of a prompt. */
const defaultStopMs = 10_000;
/** No timer of Node's is longer. */
const longestMs = 2 ** 31 - 1;

/** Nothing of our environment: it may hold keys, and settings of the library that let it build or fetch things. */
const environment = { NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true', NODE_LLAMA_CPP_POSTINSTALL: 'skip' };

/**
 * A child process that runs one model file. It is started for the first job, does one at a time, is ended when it is idle, and
 * started anew for the next job when it has ended.
 */
export class GgufProcess {
  readonly #setup: ChildSetup;
  readonly #options: ProcessOptions;
  readonly #queue = new TurnQueue();
  #child: ChildProcess | null = null;
  #inbox: ChildInbox | null = null;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;

  constructor(setup: ChildSetup, options: ProcessOptions) {
    this.#setup = setup;
    this.#options = options;
  }

  /** Whether a process runs that has nothing to do. */
  get isIdle(): boolean {
    return this.#child !== null && this.#queue.length === 0;
  }

  /** Id of the process, null when none runs. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /**
   * Does a job: gives its pieces and returns how it ended. `idleMs` is how long the process stays afterwards. Errors:
   * `model_unavailable`, `model_timeout`, `request_invalid`, `aborted`.
   */
  async *run(
    job: Job,
    { signal, idleMs = this.#options.idleMs }: { readonly signal?: AbortSignal | undefined; readonly idleMs?: number },
  ): AsyncGenerator<Piece, Finished> {
    const leave = await this.#queue.enter(signal);
    clearTimeout(this.#idle);
    const inbox = this.#open();
    this.#lastId += 1;
    const id = this.#lastId;
    const { silenceMs, totalMs = Infinity } = this.#options;
    const endsAt = performance.now() + totalMs;
    let isOver = false;
    try {
      this.#send({ type: 'start', id, job });
      for (;;) {
        const message = await inbox.next(id, { silenceMs, endsAt, signal });
        if (message.type === 'piece') yield message;
        if (message.type === 'piece' || message.type === 'busy') continue;
        isOver = true;
        if (message.type === 'finished') return message;
        // Installed, or with more memory, the next one may do.
        if (message.isFatal) await this.stop();
        throw new ServiceError(message.code, message.message);
      }
    } catch (error) {
      const failure = toServiceError(error);
      // A process that is gone or hung does not answer any more.
      if (failure.code !== 'aborted') isOver = true;
      if (failure.code === 'model_timeout') await this.stop();
      throw failure;
    } finally {
      // Who was stopped need not wait until the process has noticed; the next job must.
      void this.#settle(id, isOver).then(() => {
        leave();
        this.#rest(idleMs);
      });
    }
  }

  /** Ends the process; a job that goes on fails. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    const child = this.#child;
    if (child === null) return;
    // A job that comes from now on has a process of its own.
    this.#child = null;
    this.#inbox = null;
    const exited = once(child, 'exit');
    child.ref();
    child.kill('SIGKILL');
    await exited;
  }

  #open(): ChildInbox {
    this.#child?.ref();
    this.#child?.channel?.ref();
    if (this.#inbox !== null) return this.#inbox;
    const child = fork(this.#options.childUrl ?? defaultChildUrl, [], {
      env: environment,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    const inbox = new ChildInbox(child, this.#setup.modelPath);
    this.#inbox = inbox;
    inbox.onGone(() => {
      if (this.#child !== child) return;
      this.#child = null;
      this.#inbox = null;
    });
    this.#send({ type: 'setup', setup: this.#setup });
    return inbox;
  }

  /** A message to a process that has just ended is lost; its end is told by the inbox. */
  #send(message: ToChild): void {
    this.#child?.send(message, () => undefined);
  }

  async #settle(id: number, isOver: boolean): Promise<void> {
    const inbox = this.#inbox;
    if (isOver || inbox === null) return;
    this.#send({ type: 'stop', id });
    const isSettled = await inbox.settled(id, this.#options.stopMs ?? defaultStopMs);
    if (!isSettled) await this.stop();
  }

  #rest(idleMs: number): void {
    if (!this.isIdle) return;
    // Waiting for nothing, it must not keep this process alive.
    this.#child?.unref();
    this.#child?.channel?.unref();
    if (idleMs <= longestMs) this.#idle = setTimeout(() => void this.stop(), idleMs).unref();
  }
}

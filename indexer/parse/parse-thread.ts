import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Heartbeat } from './heartbeat.ts';
import { readyMessage, type ParseJob, type ParseReply, type WorkerSetup } from './parse-job.ts';

/** A job given to the pool, and who waits for it. */
export interface ParseTask {
  readonly job: ParseJob;
  resolve(reply: ParseReply): void;
  reject(error: unknown): void;
}

/** What a thread tells its pool. */
export interface ThreadEvents {
  onReply(thread: ParseThread, task: ParseTask, reply: ParseReply): void;
  /** The thread is gone; `tasks` were not answered, the first of them was going on. */
  onExit(thread: ParseThread, tasks: readonly ParseTask[], error: unknown): void;
}

/** Source files run as they are during development, compiled ones from `dist`: the worker has this file's ending. */
export const workerUrl = new URL(`./parse-worker${extname(import.meta.url)}`, import.meta.url);

/**
 * Bounds a worker's own heap; a parser's memory is not part of it. What a file leaves behind is short-lived: without a
 * bound on the young generation a worker grows to twice the memory and is no faster.
 */
const resourceLimits = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 24 };

/** One worker thread. It answers jobs in the order they were sent. */
export class ParseThread {
  readonly heartbeat = new Heartbeat();
  /** Endings of the files it was given: it has the grammars for them. */
  readonly endings = new Set<string>();
  readonly #worker: Worker;
  readonly #tasks: ParseTask[] = [];
  #answered = 0;
  #error: unknown = null;
  #isReady = false;

  constructor(url: URL, setup: Omit<WorkerSetup, 'heartbeat'>, events: ThreadEvents) {
    this.#worker = new Worker(url, {
      workerData: { ...setup, heartbeat: this.heartbeat.memory } satisfies WorkerSetup,
      resourceLimits,
    });
    this.#worker.on('message', (message: ParseReply | typeof readyMessage) => {
      if (message === readyMessage) {
        this.#isReady = true;
        return;
      }
      this.#answered++;
      const task = this.#tasks.shift();
      if (task !== undefined) events.onReply(this, task, message);
    });
    this.#worker.on('error', (error) => {
      this.#error = error;
    });
    this.#worker.on('exit', () => events.onExit(this, this.#tasks.splice(0), this.#error));
  }

  /** Jobs sent and not answered. */
  get load(): number {
    return this.#tasks.length;
  }

  /** Files it has done so far. */
  get answered(): number {
    return this.#answered;
  }

  /** False until its module is loaded; a thread that dies before does so for every job. */
  get isReady(): boolean {
    return this.#isReady;
  }

  send(task: ParseTask): void {
    this.#tasks.push(task);
    this.#worker.postMessage(task.job);
  }

  /** Ends the thread, also out of an endless loop; `onExit` follows. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { ChunkEmbedderSource } from '../../src/core/embedding.ts';
import { ServiceError } from '../../src/core/errors.ts';
import type { ChunkOptions } from '../chunk/chunk-options.ts';
import type { ReadLimits } from '../read/read-source.ts';
import { HangWatch } from './hang-watch.ts';
import type { ParseJob, ParseReply } from './parse-job.ts';
import { ParseThread, workerUrl, type ParseTask } from './parse-thread.ts';

export interface ParsePoolOptions {
  readonly chunkOptions: ChunkOptions;
  readonly readLimits?: ReadLimits;
  /** Makes the chunks' vectors in the threads. */
  readonly embedder?: ChunkEmbedderSource;
  /** Number of worker threads; by default one per core, at most 8. */
  readonly threads?: number;
  /** Content hashes that are chunked by lines. */
  readonly quarantined: ReadonlySet<string>;
  /** Told of content that hung or broke a parser; it is chunked by lines from then on. */
  onQuarantine(hash: string): void;
  /**
   * A parse that takes longer, and as long again for each million characters, is ended. Guards against a scanner that
   * hangs; ordinary parses are bounded by their work.
   */
  readonly hangMs?: number;
  /** A thread is replaced after so many files, whatever they have left behind in it. */
  readonly maxFilesPerThread?: number;
  /** False when memory is short: then a thread that has parsed some hundred files is replaced, which gives back what it holds. */
  mayGrow?(): boolean;
  /** Module of the workers, for tests. */
  readonly workerUrl?: URL;
}

const maxThreads = 8;
/**
 * Jobs sent ahead to each thread, so that it never waits for the main thread: recording 64 files takes that 50 ms, and a
 * thread parses as many files in about the same time.
 */
const sentAhead = 32;
/**
 * A file goes to a thread that had one with its ending before, unless that has more than twice the jobs of the least
 * loaded and this: to load a grammar takes up to a fifth of a second, and most endings of a project are rare.
 */
const jobsForKnownEnding = 2;
/** After so many files of a thread its pool looks whether memory is short. To start one takes as long as to parse a dozen. */
const filesPerLook = 300;
const defaultHangMs = 5000;
/** A new thread and its grammars cost about half a second, as much as parsing a hundred files. */
const defaultMaxFilesPerThread = 20_000;
const noCost = { readMs: 0, parseMs: 0, chunkMs: 0, termsMs: 0, embedMs: 0 };

/** Worker threads that turn files into chunks. Threads start when there is work and are replaced when they die. */
export class ParsePool {
  readonly #options: ParsePoolOptions;
  readonly #maxThreads: number;
  readonly #threads = new Set<ParseThread>();
  readonly #waiting: ParseTask[] = [];
  readonly #quarantined: Set<string>;
  readonly #watch: HangWatch;
  #closed = false;

  constructor(options: ParsePoolOptions) {
    this.#options = options;
    this.#maxThreads = Math.max(1, options.threads ?? Math.min(maxThreads, availableParallelism()));
    this.#quarantined = new Set(options.quarantined);
    this.#watch = new HangWatch(options.hangMs ?? defaultHangMs, () =>
      [...this.#threads].filter(({ load }) => load > 0),
    );
  }

  /** How many files it works on at a time. */
  get threads(): number {
    return this.#maxThreads;
  }

  /** Threads that are running. */
  get running(): number {
    return this.#threads.size;
  }

  /**
   * Reads, parses and chunks one file; an urgent one before all that were not yet sent to a thread. Rejects with `aborted`
   * when the pool is closed meanwhile.
   */
  parse(job: ParseJob, isUrgent = false): Promise<ParseReply> {
    if (this.#closed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      const task = { job, resolve, reject };
      if (isUrgent) this.#send(task, this.#freeThread(extname(job.path)) ?? this.#leastLoaded());
      else this.#waiting.push(task);
      this.#dispatch();
    });
  }

  /** Ends the threads that have nothing to do, which gives their memory back; they start again with the next file. */
  async rest(): Promise<void> {
    const idle = [...this.#threads].filter(({ load }) => load === 0);
    for (const thread of idle) this.#threads.delete(thread);
    await Promise.all(idle.map((thread) => thread.stop()));
  }

  /** Ends all threads; unanswered jobs are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#watch.stop();
    rejectAll(this.#waiting.splice(0), closedError());
    await Promise.all([...this.#threads].map((thread) => thread.stop()));
  }

  #dispatch(): void {
    while (this.#waiting.length > 0 && !this.#closed) {
      const thread = this.#freeThread(extname(this.#waiting[0]!.job.path));
      if (thread === null) return;
      this.#send(this.#waiting.shift()!, thread);
    }
  }

  #send(task: ParseTask, thread: ParseThread): void {
    thread.send(task);
    thread.endings.add(extname(task.job.path));
    this.#watch.start();
  }

  #leastLoaded(): ParseThread {
    return [...this.#threads].reduce((least, thread) => (thread.load < least.load ? thread : least));
  }

  /** A thread that knows the ending, an idle or a new one, else the least loaded; null when all have enough to do. */
  #freeThread(ending: string): ParseThread | null {
    const threads = [...this.#threads].toSorted((left, right) => left.load - right.load);
    const [least] = threads;
    const leastLoad = threads.length < this.#maxThreads ? 0 : (least?.load ?? 0);
    if (leastLoad >= sentAhead) return null;
    const known = threads.find(({ endings }) => endings.has(ending));
    if (known && known.load <= 2 * leastLoad + jobsForKnownEnding) return known;
    return least === undefined || (least.load > 0 && leastLoad === 0) ? this.#startThread() : least;
  }

  #startThread(): ParseThread {
    const { chunkOptions, readLimits, embedder } = this.#options;
    const setup = {
      chunkOptions,
      ...(readLimits && { readLimits }),
      ...(embedder && { embedder }),
      quarantined: [...this.#quarantined],
    };
    const thread = new ParseThread(this.#options.workerUrl ?? workerUrl, setup, {
      onReply: (from, task, reply) => this.#reply(from, task, reply),
      onExit: (from, tasks, error) => this.#replace(from, tasks, error),
    });
    this.#threads.add(thread);
    return thread;
  }

  #reply(thread: ParseThread, task: ParseTask, reply: ParseReply): void {
    task.resolve(reply);
    if (reply.retire || this.#isSpent(thread)) {
      // It takes no more jobs; those sent ahead come back through its exit.
      this.#threads.delete(thread);
      void thread.stop();
    }
    if (this.#waiting.length === 0 && [...this.#threads].every(({ load }) => load === 0)) this.#watch.stop();
    this.#dispatch();
  }

  #isSpent({ answered }: ParseThread): boolean {
    const { maxFilesPerThread = defaultMaxFilesPerThread } = this.#options;
    if (answered >= maxFilesPerThread) return true;
    return answered > 0 && answered % filesPerLook === 0 && this.#options.mayGrow?.() === false;
  }

  /** A thread is gone: what it parsed is tried again by lines, what it had not begun goes back to the queue. */
  #replace(thread: ParseThread, tasks: readonly ParseTask[], error: unknown): void {
    const wasRetired = !this.#threads.delete(thread);
    const [running, ...rest] = tasks;
    if (this.#closed) rejectAll(tasks, closedError());
    else if (running === undefined || wasRetired) this.#waiting.unshift(...tasks);
    else if (!thread.isReady) rejectAll(tasks, startError(error));
    else {
      this.#waiting.unshift(...rest);
      this.#retryByLines(running, thread.heartbeat.parsing()?.hash ?? null, error);
    }
    this.#dispatch();
  }

  #retryByLines(task: ParseTask, hash: string | null, error: unknown): void {
    if (hash !== null) {
      this.#quarantined.add(hash);
      this.#options.onQuarantine(hash);
    }
    if (!task.job.linesOnly) {
      this.#waiting.unshift({ ...task, job: { ...task.job, linesOnly: true } });
      return;
    }
    const detail = `reading it ended a worker: ${error instanceof Error ? error.message : 'no reason given'}`;
    const skipped = { path: task.job.path, reason: 'unreadable' as const, detail };
    task.resolve({ outcome: { kind: 'skipped', skipped }, cost: noCost, retire: false });
  }
}

function rejectAll(tasks: readonly ParseTask[], error: ServiceError): void {
  for (const task of tasks) task.reject(error);
}

function closedError(): ServiceError {
  return new ServiceError('aborted', 'Stopped before the file was parsed.');
}

function startError(cause: unknown): ServiceError {
  const why = cause instanceof Error ? cause.message : 'no reason given';
  return new ServiceError('internal', `A parser thread did not start: ${why}. Try fewer threads or free some memory.`, {
    cause,
  });
}

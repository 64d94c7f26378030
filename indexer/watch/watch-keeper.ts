import { Worker } from 'node:worker_threads';
import type { WatchMode } from '../../src/core/live.ts';
import { type WatchFailure, watchFailureOf } from './watch-failure.ts';
import type { Doubt, WatchListener } from './watch-listener.ts';
import { takenMessage, type WatchMessage, type WatchSetup } from './watch-message.ts';

/** What keeps one project watched. */
export interface WatchKeeperParts {
  readonly setup: WatchSetup;
  readonly workerUrl: URL;
  /** Milliseconds until the first new try. */
  readonly retryMs: number;
  readonly listener: WatchListener;
}

const longestRetryMs = 60_000;
/** A thread that worked for as long counts as healthy: the next failure is a first one again. */
const healthyMs = 60_000;
/** Bounds the thread's own memory. 100,000 files in 5,000 folders take less than a fifth of it. */
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 };

/** Starts the watching thread, and starts it again whenever it fails. */
export class WatchKeeper {
  readonly #parts: WatchKeeperParts;
  readonly #whenKnown = Promise.withResolvers<void>();
  #worker: Worker | null = null;
  #retry: NodeJS.Timeout | null = null;
  #failures = 0;
  #readyAt: number | null = null;
  /** What there was to doubt when it failed: it is told again when changes are told again, for what was missed. */
  #missed: Doubt | null = null;
  #told: { readonly mode: WatchMode; readonly reason: string | null } | null = null;
  #isClosed = false;

  constructor(parts: WatchKeeperParts) {
    this.#parts = parts;
  }

  /** Resolves when the first try has succeeded or failed. */
  async start(): Promise<void> {
    this.#begin();
    await this.#whenKnown.promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#whenKnown.resolve();
    if (this.#retry !== null) clearTimeout(this.#retry);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  #begin(): void {
    this.#retry = null;
    const worker = new Worker(this.#parts.workerUrl, { workerData: this.#parts.setup, resourceLimits });
    this.#worker = worker;
    worker.on('message', (message: WatchMessage) => {
      if (this.#worker === worker) this.#take(worker, message);
    });
    worker.on('error', (error) => this.#ended(worker, error));
    worker.on('exit', (code) => this.#ended(worker, new Error(`its thread ended with ${code}`)));
  }

  #take(worker: Worker, message: WatchMessage): void {
    const { listener } = this.#parts;
    if (message.kind === 'paths') {
      listener.onPaths(message.paths);
      worker.postMessage(takenMessage);
    } else if (message.kind === 'doubt') listener.onDoubt(message.doubt);
    else if (message.kind === 'failed') this.#failed(message);
    else this.#ready();
  }

  #ready(): void {
    this.#readyAt = performance.now();
    this.#tellMode('events', null);
    if (this.#missed !== null) this.#parts.listener.onDoubt(this.#missed);
    this.#missed = null;
    this.#whenKnown.resolve();
  }

  #ended(worker: Worker, error: unknown): void {
    if (this.#worker === worker) this.#failed(watchFailureOf(this.#parts.setup.root, error));
  }

  #failed({ doubt, reason }: WatchFailure): void {
    if (this.#isClosed) return;
    void this.#worker?.terminate();
    this.#worker = null;
    if (this.#readyAt !== null && performance.now() - this.#readyAt > healthyMs) this.#failures = 0;
    this.#readyAt = null;
    const delayMs = Math.min(longestRetryMs, this.#parts.retryMs * 2 ** this.#failures++);
    this.#retry = setTimeout(() => this.#begin(), delayMs);
    this.#tellMode('reconcile_only', reason);
    // A doubt that is still waiting for its second half says enough.
    if (this.#missed === null) this.#parts.listener.onDoubt(doubt);
    this.#missed = doubt;
    this.#whenKnown.resolve();
  }

  /** Says only what is new. */
  #tellMode(mode: WatchMode, reason: string | null): void {
    if (this.#told?.mode === mode && this.#told.reason === reason) return;
    this.#told = { mode, reason };
    this.#parts.listener.onMode(mode, reason);
  }
}

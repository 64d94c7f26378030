import { ServiceError } from '../../core/errors.ts';
import type { RequestTrace } from '../../core/gateway/trace.ts';

/** A request from its arrival until its reply has been taken, or nobody takes it any more. */
export interface RunningRequest {
  readonly trace: RequestTrace;
  /** Stops the work for it: when the client is gone, or the service shuts down. */
  readonly signal: AbortSignal;
  /** Its reply has been made; a body may follow. */
  replied(status: number): void;
  /** The reply has been sent, or cannot be. */
  closed(isSent: boolean): void;
}

export interface RunningRequestsOptions {
  /** Milliseconds of a clock that only moves forward. */
  readonly clock: () => number;
  /** Told of a request once, when it has been both replied to and closed. */
  readonly onOver: (trace: RequestTrace) => void;
}

/** All requests that are being served, so that they can be waited for and stopped. */
export class RunningRequests {
  readonly #options: RunningRequestsOptions;
  readonly #controllers = new Set<AbortController>();
  #idle = Promise.withResolvers<void>();
  #stopReason: ServiceError | null = null;
  #isStopping = false;

  constructor(options: RunningRequestsOptions) {
    this.#options = options;
  }

  /** True when no request should follow on a connection. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  get size(): number {
    return this.#controllers.size;
  }

  /** Notes an arrival. After `stopAll` the request is stopped from the start. */
  start(trace: RequestTrace): RunningRequest {
    const controller = new AbortController();
    this.#controllers.add(controller);
    if (this.#stopReason !== null) controller.abort(this.#stopReason);
    const arrivedAt = this.#options.clock();
    let isReplied = false;
    let isClosed = false;
    const endWhenOver = (): void => {
      if (!isReplied || !isClosed || !this.#controllers.delete(controller)) return;
      trace.durationMs = Math.round((this.#options.clock() - arrivedAt) * 10) / 10;
      this.#end(trace);
    };
    return {
      trace,
      signal: controller.signal,
      replied(status) {
        trace.status ??= status;
        isReplied = true;
        endWhenOver();
      },
      closed(isSent) {
        if (isClosed) return;
        isClosed = true;
        if (isSent) return endWhenOver();
        controller.abort(new ServiceError('aborted', 'The client went away before the answer was finished.'));
        trace.error ??= 'aborted';
        // Whoever works on it still notes how far it got.
        setImmediate(endWhenOver);
      },
    };
  }

  /** From now on each reply is the last on its connection. */
  startDraining(): void {
    this.#isStopping = true;
  }

  /** Stops what runs, and what still comes, for a reason that clients are told. */
  stopAll(reason: ServiceError): void {
    this.#stopReason = reason;
    for (const controller of this.#controllers) controller.abort(reason);
  }

  /** Resolves when no request is being served. */
  async whenIdle(): Promise<void> {
    while (this.#controllers.size > 0) await this.#idle.promise;
  }

  #end(trace: RequestTrace): void {
    this.#options.onOver(trace);
    if (this.#controllers.size > 0) return;
    this.#idle.resolve();
    this.#idle = Promise.withResolvers();
  }
}

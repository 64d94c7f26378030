import type { ModelEndpoint } from '../allowed-host.ts';
import { timeoutError, totalTimeoutError } from '../model-error.ts';

/** How long each part of a request may take, in milliseconds. */
export interface RequestLimits {
  readonly connectMs: number;
  /** From the connection to the answer's first byte; includes loading a model and reading a prompt. */
  readonly firstByteMs: number;
  /** Between two pieces of an answer. */
  readonly idleMs: number;
  /** From the start to the answer's end; undefined for no limit beside the others. */
  readonly totalMs?: number | undefined;
}

/** Within which bounds a request is made. */
export interface RequestBounds {
  readonly endpoint: ModelEndpoint;
  readonly limits: RequestLimits;
  readonly signal?: AbortSignal | undefined;
}

/** A request before its answer has begun, the answer after. */
interface Endable {
  destroy(error?: Error): unknown;
}

/** Ends a request at once when one of its limits runs out or its caller stops it. */
export class RequestWatch {
  readonly #bounds: RequestBounds;
  readonly #abort = (): void => void this.#target.destroy(new DOMException('aborted', 'AbortError'));
  readonly #total: NodeJS.Timeout | undefined;
  #target: Endable;
  #timer: NodeJS.Timeout;
  #isReading = false;

  constructor(bounds: RequestBounds, request: Endable) {
    const { endpoint, limits, signal } = bounds;
    this.#bounds = bounds;
    this.#target = request;
    this.#timer = this.#expect('did not accept a connection', limits.connectMs);
    const { totalMs } = limits;
    if (totalMs !== undefined)
      this.#total = setTimeout(() => this.#target.destroy(totalTimeoutError(endpoint, totalMs)), totalMs);
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** There is a connection, or one more part of the request has gone through it: now the server has the word. */
  connected(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#expect('sent no answer', this.#bounds.limits.firstByteMs);
  }

  /** The head of the answer has come. From here on a failure is the answer's. */
  answered(answer: Endable): void {
    this.#target = answer;
    clearTimeout(this.#timer);
    const { endpoint, limits } = this.#bounds;
    this.#timer = setTimeout(() => {
      // A reader that takes its time is no silence of the server.
      if (this.#isReading) answer.destroy(timeoutError(endpoint, 'fell silent', limits.idleMs));
    }, limits.idleMs);
  }

  /** The next piece is waited for. */
  reading(): void {
    this.#isReading = true;
    this.#timer.refresh();
  }

  /** A piece has come. */
  read(): void {
    this.#isReading = false;
  }

  end(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#total);
    this.#bounds.signal?.removeEventListener('abort', this.#abort);
  }

  #expect(what: string, limitMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#target.destroy(timeoutError(this.#bounds.endpoint, what, limitMs)), limitMs);
  }
}

import { connectionError } from '../model-error.ts';
import type { ModelEndpoint } from '../allowed-host.ts';

/** How long lookups are kept. */
export interface LookupOptions {
  readonly endpoint: ModelEndpoint;
  /** Clock in milliseconds. */
  readonly now: () => number;
  readonly keepMs: number;
  readonly maxEntries: number;
}

interface Lookup<Value> {
  readonly value: Promise<Value>;
  readonly stop: AbortController;
  /** Callers that wait; when all have gone, the question is taken back. */
  waiting: number;
  isSettled: boolean;
  expiresAt: number;
}

/**
 * Answers to questions that many callers ask: those that ask at the same time share one, and it is kept for a while. A
 * failure is told to those that wait and not kept.
 */
export class SharedLookups<Value> {
  readonly #options: LookupOptions;
  readonly #lookups = new Map<string, Lookup<Value>>();

  constructor(options: LookupOptions) {
    this.#options = options;
  }

  /** Errors: what `load` throws, `aborted`. */
  async get(key: string, load: (signal: AbortSignal) => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    if (signal?.aborted === true) throw this.#aborted();
    const lookup = this.#kept(key) ?? this.#start(key, load);
    if (lookup.isSettled) return lookup.value;
    if (signal === undefined) {
      lookup.waiting = Infinity;
      return lookup.value;
    }
    lookup.waiting += 1;
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    const stop = (): void => {
      reject(this.#aborted());
      lookup.waiting -= 1;
      if (lookup.waiting > 0) return;
      lookup.stop.abort();
      this.#drop(key, lookup);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await Promise.race([lookup.value, stopped]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Asks anew from now on. */
  clear(): void {
    this.#lookups.clear();
  }

  #kept(key: string): Lookup<Value> | undefined {
    const lookup = this.#lookups.get(key);
    if (lookup === undefined || this.#options.now() >= lookup.expiresAt) return undefined;
    this.#use(key, lookup);
    return lookup;
  }

  /** What was used last is dropped last. */
  #use(key: string, lookup: Lookup<Value>): void {
    this.#lookups.delete(key);
    this.#lookups.set(key, lookup);
  }

  #start(key: string, load: (signal: AbortSignal) => Promise<Value>): Lookup<Value> {
    const stop = new AbortController();
    // Not to be dropped for its age before it is answered.
    const expiresAt = Infinity;
    const lookup: Lookup<Value> = { value: load(stop.signal), stop, waiting: 0, isSettled: false, expiresAt };
    lookup.value.then(
      () => {
        lookup.isSettled = true;
        lookup.expiresAt = this.#options.now() + this.#options.keepMs;
      },
      () => this.#drop(key, lookup),
    );
    this.#use(key, lookup);
    const [oldest] = this.#lookups.keys();
    if (this.#lookups.size > this.#options.maxEntries && oldest !== undefined) this.#lookups.delete(oldest);
    return lookup;
  }

  #drop(key: string, lookup: Lookup<Value>): void {
    if (this.#lookups.get(key) === lookup) this.#lookups.delete(key);
  }

  #aborted(): Error {
    return connectionError(new DOMException('aborted', 'AbortError'), this.#options.endpoint);
  }
}

import { ServiceError } from '../core/errors.ts';

/** How much work is let through at once, and how much may wait. */
export interface FairQueueOptions {
  /** Model calls that run at once. */
  readonly slots: number;
  /** Calls that may wait, of all callers together. */
  readonly length: number;
  /** Milliseconds of a clock that only moves forward. */
  readonly now: () => number;
}

/** Gives a slot back; safe to call again. */
export type Release = () => void;

/** A place that is kept for a call while it is prepared. */
export interface Place {
  /** Waits for a slot; the caller must give it back. Errors: as `FairQueue.acquire`. */
  acquire(signal: AbortSignal): Promise<Release>;
  /** Gives the place up where no slot is wanted after all; safe to call again. */
  leave(): void;
}

/** Work at this moment. */
export interface QueueGauges {
  readonly queued: number;
  readonly running: number;
}

interface Waiter {
  readonly grant: (release: Release) => void;
  readonly refuse: (error: ServiceError) => void;
}

/** How long a call holds its slot, before any was measured. */
const firstGuessMs = 5_000;
/** Weight of the newest measurement: the mean follows the last dozen calls. */
const newestWeight = 0.15;
const longestRetrySeconds = 600;

/**
 * A bounded queue in front of the model. Callers take turns; of one caller, who came first goes first. So a caller waits for
 * at most one call of each other caller before each of its own.
 *
 * A full queue refuses at once. A caller who has calls waiting already gets `rate_limited`; one who has none takes the place
 * of the newest call of the caller with the most (that one gets `rate_limited`), so that nobody can shut others out;
 * where every waiting caller has just one call, it gets `model_unavailable`: the whole service is busy. Each refusal
 * says when to try again, from the measured time that calls take.
 */
export class FairQueue {
  readonly #slots: number;
  readonly #length: number;
  readonly #now: () => number;
  /** Callers in the order of their turns. One without waiting calls has no entry. */
  readonly #waiting = new Map<string, Set<Waiter>>();
  #queued = 0;
  #running = 0;
  /** Places of calls that are being prepared. */
  #reserved = 0;
  #meanMs = firstGuessMs;

  constructor({ slots, length, now }: FairQueueOptions) {
    this.#slots = slots;
    this.#length = length;
    this.#now = now;
  }

  /**
   * Waits for a slot; the caller must give it back. An abort leaves the queue. Errors: `rate_limited`,
   * `model_unavailable`, `aborted`.
   */
  async acquire(callerId: string, signal: AbortSignal): Promise<Release> {
    if (signal.aborted) throw aborted();
    if (!this.#hasRoom()) this.#makeRoom(callerId);
    return this.#enter(callerId, signal);
  }

  /**
   * Keeps a place, so that a call that would be refused is not prepared at all: preparing costs, too, and under load most calls would
   * be prepared for nothing. Errors: `rate_limited`, `model_unavailable`.
   */
  reserve(callerId: string): Place {
    if (!this.#hasRoom()) this.#makeRoom(callerId);
    this.#reserved += 1;
    let isReserved = true;
    const leave = (): void => {
      if (isReserved) this.#reserved -= 1;
      isReserved = false;
    };
    return {
      leave,
      acquire: async (signal) => {
        if (!isReserved) return this.acquire(callerId, signal);
        leave();
        if (signal.aborted) throw aborted();
        return this.#enter(callerId, signal);
      },
    };
  }

  #hasRoom(): boolean {
    return this.#running + this.#queued + this.#reserved < this.#slots + this.#length;
  }

  #enter(callerId: string, signal: AbortSignal): Release | Promise<Release> {
    // A free slot means that nobody waits: slots are handed on, never just dropped.
    return this.#running < this.#slots ? this.#take() : this.#wait(callerId, signal);
  }

  gauges(): QueueGauges {
    return { queued: this.#queued, running: this.#running };
  }

  #wait(callerId: string, signal: AbortSignal): Promise<Release> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#remove(callerId, waiter);
        reject(aborted());
      };
      const settled = (): void => signal.removeEventListener('abort', leave);
      const waiter: Waiter = {
        grant: (release) => {
          settled();
          resolve(release);
        },
        refuse: (error) => {
          settled();
          reject(error);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#add(callerId, waiter);
    });
  }

  #add(callerId: string, waiter: Waiter): void {
    const own = this.#waiting.get(callerId);
    if (own === undefined) this.#waiting.set(callerId, new Set([waiter]));
    else own.add(waiter);
    this.#queued += 1;
  }

  #remove(callerId: string, waiter: Waiter): void {
    const own = this.#waiting.get(callerId);
    if (own?.delete(waiter) !== true) return;
    this.#queued -= 1;
    if (own.size === 0) this.#waiting.delete(callerId);
  }

  #take(): Release {
    this.#running += 1;
    const startedAt = this.#now();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#running -= 1;
      this.#meanMs += newestWeight * (this.#now() - startedAt - this.#meanMs);
      this.#next();
    };
  }

  /** Gives a slot that has become free to the caller whose turn it is; that caller's next turn comes after all others'. */
  #next(): void {
    const turn = this.#waiting.entries().next().value;
    if (turn === undefined) return;
    const [callerId, own] = turn;
    const [waiter] = own;
    this.#waiting.delete(callerId);
    if (waiter === undefined) return;
    own.delete(waiter);
    this.#queued -= 1;
    if (own.size > 0) this.#waiting.set(callerId, own);
    waiter.grant(this.#take());
  }

  /** Takes a waiting call out for a caller that has none, or throws. */
  #makeRoom(callerId: string): void {
    if (this.#waiting.has(callerId)) throw this.#refusal('rate_limited');
    let greediest: readonly [string, Set<Waiter>] | null = null;
    for (const entry of this.#waiting) if (entry[1].size > (greediest?.[1].size ?? 1)) greediest = entry;
    if (greediest === null) throw this.#refusal('model_unavailable');
    const [greedy, calls] = greediest;
    const newest = [...calls].at(-1);
    if (newest === undefined) return;
    this.#remove(greedy, newest);
    newest.refuse(this.#refusal('rate_limited'));
  }

  #refusal(code: 'rate_limited' | 'model_unavailable'): ServiceError {
    const untilFreeMs = ((this.#queued + 1) * this.#meanMs) / this.#slots;
    const retryAfterSeconds = Math.min(longestRetrySeconds, Math.max(1, Math.ceil(untilFreeMs / 1000)));
    const what =
      code === 'rate_limited'
        ? 'Too many of your requests wait for the model.'
        : 'The model is busy with the requests of others.';
    return new ServiceError(code, `${what} Try again in ${retryAfterSeconds} s.`, { retryAfterSeconds });
  }
}

function aborted(): ServiceError {
  return new ServiceError('aborted', 'Stopped before the model was asked.');
}

import { ServiceError, toServiceError } from '../../core/errors.ts';
import { isServerDown } from '../model-error.ts';

/** How a breaker judges. */
export interface BreakerOptions {
  /** Clock in milliseconds. */
  readonly now: () => number;
  /** So many failures in a row open it. */
  readonly failures?: number;
  /** Failures further apart than this, in milliseconds, are not in a row. */
  readonly windowMs?: number;
  /** First wait before a call is tried, in milliseconds; it doubles as long as the tries fail. */
  readonly retryMs?: number;
}

/** `closed`: calls go through. `open`: they fail at once. `half-open`: one is tried. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** How something that is asked has fared. */
export interface BreakerHealth {
  readonly state: BreakerState;
  /** When that state began, in milliseconds of the breaker's clock. */
  readonly since: number;
  /** When a call last ended well, null for never. */
  readonly lastSuccess: number | null;
  /** What the last failure said, null for none since a call ended well. */
  readonly lastError: string | null;
}

/** One call that was let through; its end is told by one of the first two, and always by `leave`. */
export interface BreakerPass {
  succeed(): void;
  fail(error: unknown): void;
  /** There is a sign of life, though the call goes on. */
  alive(): void;
  leave(): void;
}

const usualFailures = 4;
const usualWindowMs = 120_000;
const usualRetryMs = 5_000;
const maxRetryMs = 120_000;

/** Lets calls fail at once while what they ask is known not to answer, and tries it again from time to time. */
export class CircuitBreaker {
  readonly #name: string;
  readonly #options: Required<BreakerOptions>;
  #health: BreakerHealth;
  #failures = 0;
  #lastFailure = -Infinity;
  #retryMs: number;
  #retryAt = 0;
  #trying: object | null = null;
  #running = 0;

  /** `name` begins the sentence that refused calls are told: `The model "x"`. */
  constructor(name: string, options: BreakerOptions) {
    const { now, failures = usualFailures, windowMs = usualWindowMs, retryMs = usualRetryMs } = options;
    this.#name = name;
    this.#options = { now, failures, windowMs, retryMs };
    this.#retryMs = retryMs;
    this.#health = { state: 'closed', since: now(), lastSuccess: null, lastError: null };
  }

  health(): BreakerHealth {
    return this.#health;
  }

  /** Whether no call is running. */
  isIdle(): boolean {
    return this.#running === 0;
  }

  /** Lets a call through. Throws `model_unavailable` with the seconds to wait while it is known to be in vain. */
  enter(): BreakerPass {
    const isTry = this.#health.state !== 'closed';
    if (isTry) this.#beginTry();
    const pass = {
      succeed: () => this.#succeed(),
      fail: (error: unknown) => this.#fail(error, pass),
      alive: () => {
        if (this.#trying === pass) this.#recover();
      },
      leave: () => {
        this.#running -= 1;
        // Nothing was learnt: the next call may try.
        if (this.#trying === pass) this.#open(this.#options.now());
      },
    };
    if (isTry) this.#trying = pass;
    this.#running += 1;
    return pass;
  }

  #beginTry(): void {
    const waitMs = this.#retryAt - this.#options.now();
    if (this.#trying !== null || waitMs > 0) throw this.#refusal(waitMs);
    this.#change('half-open');
  }

  #succeed(): void {
    this.#failures = 0;
    this.#retryMs = this.#options.retryMs;
    this.#trying = null;
    if (this.#health.state !== 'closed') this.#change('closed');
    this.#health = { ...this.#health, lastSuccess: this.#options.now(), lastError: null };
  }

  /** Others may ask again; one more failure, and they may not. */
  #recover(): void {
    this.#trying = null;
    this.#failures = this.#options.failures - 1;
    this.#lastFailure = this.#options.now();
    this.#change('closed');
  }

  #fail(error: unknown, pass: object): void {
    const failure = toServiceError(error);
    if (!isServerDown(failure)) {
      // A refusal is an answer, too.
      if (this.#trying === pass && failure.code !== 'aborted') this.#recover();
      return;
    }
    const { now, failures, windowMs } = this.#options;
    const time = now();
    this.#failures = time - this.#lastFailure > windowMs ? 1 : this.#failures + 1;
    this.#lastFailure = time;
    this.#health = { ...this.#health, lastError: failure.message };
    const hasTried = this.#trying === pass;
    if (!hasTried && (this.#health.state !== 'closed' || this.#failures < failures)) return;
    if (hasTried) this.#retryMs = Math.min(this.#retryMs * 2, maxRetryMs);
    this.#open(time + this.#retryMs);
  }

  #open(retryAt: number): void {
    this.#trying = null;
    this.#retryAt = retryAt;
    this.#change('open');
  }

  #change(state: BreakerState): void {
    this.#health = { ...this.#health, state, since: this.#options.now() };
  }

  #refusal(waitMs: number): ServiceError {
    const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
    return new ServiceError(
      'model_unavailable',
      `${this.#name} has failed several times in a row, so it is left alone for a moment. Try again in ${retryAfterSeconds} s. ` +
        `The last failure: ${this.#health.lastError ?? 'unknown'}`,
      { retryAfterSeconds },
    );
  }
}

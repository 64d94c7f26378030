/** First and longest time to wait after failures, in milliseconds. */
const waitMs = { first: 1_000, longest: 60_000 } as const;

/** Failures in a row, and when to try again: later after each, never given up. */
export class BackOff {
  #failures = 0;
  #retryAt = -Infinity;
  #problem: string | null = null;

  /** A try at a time failed, for a reason in a sentence. */
  failed(at: number, problem: string): void {
    this.#retryAt = at + Math.min(waitMs.longest, waitMs.first * 2 ** this.#failures);
    this.#failures++;
    this.#problem = problem;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#retryAt = -Infinity;
    this.#problem = null;
  }

  /** Not to be tried before this time, in milliseconds; `-Infinity` when nothing failed. */
  get retryAt(): number {
    return this.#retryAt;
  }

  /** What failed last, null when the last try succeeded. */
  get problem(): string | null {
    return this.#problem;
  }
}

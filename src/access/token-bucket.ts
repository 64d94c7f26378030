/**
 * A bucket of tokens that fills steadily: it lets a minute's worth of calls through at once and then as many as it
 * gains. Times are milliseconds of one clock; one that jumps back costs nothing.
 */
export class TokenBucket {
  readonly #perMinute: number;
  #tokens: number;
  #filledAt: number;

  /** A full bucket that gains `perMinute` tokens a minute and holds no more than these. */
  constructor(perMinute: number, now: number) {
    this.#perMinute = perMinute;
    this.#tokens = perMinute;
    this.#filledAt = now;
  }

  /** Takes a token and returns 0, or takes none and returns the milliseconds until there is one. */
  take(now: number): number {
    const gained = (Math.max(0, now - this.#filledAt) * this.#perMinute) / 60_000;
    this.#tokens = Math.min(this.#perMinute, this.#tokens + gained);
    this.#filledAt = now;
    if (this.#tokens < 1) return ((1 - this.#tokens) * 60_000) / this.#perMinute;
    this.#tokens -= 1;
    return 0;
  }
}

/** What one call should take: long enough that its overhead is small, short enough that stopping is prompt. */
const targetMs = 1_000;
const firstSize = 8;
const defaultMaxSize = 128;
const maxCharacters = 200_000;

/** How many texts go into one embedding call, learnt from how long the earlier calls took. */
export class BatchSize {
  readonly #now: () => number;
  readonly #maxSize: number;
  #size = firstSize;

  /** `now` is a clock in milliseconds. */
  constructor(now: () => number, maxSize: number = defaultMaxSize) {
    this.#now = now;
    this.#maxSize = maxSize;
  }

  /** The next batch of `texts` from `start`: at least one text, bounded in number and total length. */
  take(texts: readonly string[], start: number): readonly string[] {
    let end = start;
    let characters = 0;
    while (end < texts.length && end - start < this.#size) {
      characters += texts[end]?.length ?? 0;
      if (end > start && characters > maxCharacters) break;
      end += 1;
    }
    return texts.slice(start, end);
  }

  /** Runs a call for a batch and learns from its duration; the size at most doubles or halves in one step. */
  async measure<Value>(batch: readonly string[], call: () => Promise<Value>): Promise<Value> {
    const startedAt = this.#now();
    const value = await call();
    const elapsedMs = Math.max(1, this.#now() - startedAt);
    const fitting = (batch.length * targetMs) / elapsedMs;
    this.#size = Math.round(
      Math.min(this.#maxSize, Math.max(1, Math.min(this.#size * 2, Math.max(this.#size / 2, fitting)))),
    );
    return value;
  }
}

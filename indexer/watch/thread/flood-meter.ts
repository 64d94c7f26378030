import type { WatchClock } from '../watch-clock.ts';

const windowMs = 1000;
/** No event for as long: the flood is over. */
const calmMs = 300;
/** A flood without an end is told of as often. */
const longestFloodMs = 10_000;

/**
 * Notices when events may have been lost. The kernel keeps a bounded queue of events for each thread and drops what comes
 * beyond; the mark that it leaves does not reach us. But a queue that was full is read in one go: as many events come
 * without a pause, and by counting them a loss is known for sure. As many in a second are taken for one as well.
 */
export class FloodMeter {
  readonly #limit: number;
  readonly #clock: WatchClock;
  readonly #onCalm: () => void;
  #inRead = 0;
  #inWindow = 0;
  #windowSince = Number.NEGATIVE_INFINITY;
  #lastAt = 0;
  #floodSince: number | null = null;
  #cancel: (() => void) | null = null;

  /** `limit`: events from which on some may be lost. `onCalm` is called once after each flood. */
  constructor(limit: number, clock: WatchClock, onCalm: () => void) {
    this.#limit = limit;
    this.#clock = clock;
    this.#onCalm = onCalm;
  }

  /** One event has come. */
  note(): void {
    // Runs when the queue of the kernel is read to its end.
    if (this.#inRead++ === 0) setImmediate(() => this.#endOfRead());
  }

  /** Something was lost for certain. */
  lost(): void {
    this.#lastAt = this.#clock.now();
    this.#floodSince ??= this.#lastAt;
    this.#cancel ??= this.#clock.after(calmMs, () => this.#lookForCalm());
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #endOfRead(): void {
    const now = this.#clock.now();
    this.#lastAt = now;
    if (now - this.#windowSince >= windowMs) {
      this.#windowSince = now;
      this.#inWindow = 0;
    }
    this.#inWindow += this.#inRead;
    this.#inRead = 0;
    if (this.#inWindow < this.#limit) return;
    this.#inWindow = 0;
    this.lost();
  }

  #lookForCalm(): void {
    const now = this.#clock.now();
    this.#cancel = null;
    if (now - this.#lastAt < calmMs && now - (this.#floodSince ?? now) < longestFloodMs) {
      this.#cancel = this.#clock.after(calmMs, () => this.#lookForCalm());
      return;
    }
    this.#floodSince = null;
    this.#onCalm();
  }
}

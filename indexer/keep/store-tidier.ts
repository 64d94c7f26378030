import { toServiceError } from '../../src/core/errors.ts';
import { BackOff } from './back-off.ts';
import type { TidyDue } from '../live/live-index.ts';

/** What a tidier works with. Times are milliseconds of one clock. */
export interface TidierParts {
  /** Whether there is something to tidy. */
  due(): TidyDue;
  tidy(): Promise<void>;
  now(): number;
  /** Told when a tidying has ended, well or not. */
  onEnd(): void;
}

/** Nothing must have happened for so long before the store is tidied. */
const idleMs = 2_000;
/** What a tidying has left is not taken up again before this. */
const againMs = 60_000;

/** Decides when what is recorded is brought to the store: at rest, or at once where much of it waits. */
export class StoreTidier {
  readonly #parts: TidierParts;
  readonly #backOff = new BackOff();
  #touchedAt: number;
  #endedAt = -Infinity;
  #running: Promise<void> | null = null;

  constructor(parts: TidierParts) {
    this.#parts = parts;
    this.#touchedAt = parts.now();
  }

  /** Something happens: it is no time of rest. */
  touched(): void {
    this.#touchedAt = this.#parts.now();
  }

  /** Tidies if it is time; returns when to ask again, `Infinity` when there is no reason to. */
  begin(isBusy: boolean): number {
    if (this.#running !== null) return Infinity;
    const due = this.#parts.due();
    if (due === 'nothing' || (due === 'when_idle' && isBusy)) return Infinity;
    const now = this.#parts.now();
    const isLeftOver = this.#endedAt >= this.#touchedAt;
    const restAt = isLeftOver ? this.#endedAt + againMs : this.#touchedAt + idleMs;
    const at = Math.max(due === 'now' && !isLeftOver ? now : restAt, this.#backOff.retryAt);
    if (at > now) return at;
    this.#running = this.#tidy();
    return Infinity;
  }

  /** Why the last try failed, null when it did not. */
  get problem(): string | null {
    return this.#backOff.problem;
  }

  /** Waits for the one that runs. */
  async settle(): Promise<void> {
    await this.#running;
  }

  async #tidy(): Promise<void> {
    try {
      await this.#parts.tidy();
      this.#backOff.succeeded();
      this.#endedAt = this.#parts.now();
    } catch (error) {
      this.#backOff.failed(this.#parts.now(), toServiceError(error).message);
    }
    this.#running = null;
    this.#parts.onEnd();
  }
}

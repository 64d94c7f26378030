import { toServiceError } from '../../src/core/errors.ts';
import { BackOff } from './back-off.ts';

/** What a tidier works with. Times are milliseconds of one clock. */
export interface TidierParts {
  tidy(): Promise<void>;
  now(): number;
  /** Told when a tidying has ended, well or not. */
  onEnd(): void;
}

/** Nothing must have happened for so long before the store is tidied. */
const idleMs = 2_000;
/** So many chunks are not kept waiting for a pause: the more wait, the more each search has to look through. */
const mostWaitingChunks = 4_000;

/** Decides when what is recorded is brought to the store: at rest, or when much of it waits. */
export class StoreTidier {
  readonly #parts: TidierParts;
  readonly #backOff = new BackOff();
  #touchedAt: number;
  #waitingChunks = 0;
  #isWanted = false;
  #running: Promise<void> | null = null;

  constructor(parts: TidierParts) {
    this.#parts = parts;
    this.#touchedAt = parts.now();
  }

  /** Something happens: it is no time of rest. */
  touched(): void {
    this.#touchedAt = this.#parts.now();
  }

  /** So many chunks wait for the store; null for an unknown number. */
  waiting(chunks: number | null): void {
    if (chunks === 0) return;
    this.#waitingChunks = chunks ?? this.#waitingChunks;
    this.#isWanted = true;
  }

  /** Tidies if it is time; returns when to ask again, `Infinity` when there is no reason to. */
  begin(isBusy: boolean): number {
    if (!this.#isWanted || this.#running !== null) return Infinity;
    const now = this.#parts.now();
    const isUrgent = this.#waitingChunks >= mostWaitingChunks;
    const restAt = isUrgent ? now : this.#touchedAt + idleMs;
    const at = Math.max(restAt, this.#backOff.retryAt);
    if (at > now || (isBusy && !isUrgent)) return at > now ? at : Infinity;
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
    const before = this.#waitingChunks;
    this.#isWanted = false;
    this.#waitingChunks = 0;
    try {
      await this.#parts.tidy();
      this.#backOff.succeeded();
    } catch (error) {
      this.#waitingChunks = Math.max(before, this.#waitingChunks);
      this.#isWanted = true;
      this.#backOff.failed(this.#parts.now(), toServiceError(error).message);
    }
    this.#running = null;
    this.#parts.onEnd();
  }
}

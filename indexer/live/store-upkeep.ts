import { toServiceError } from '../../src/core/errors.ts';
import type { IndexParts } from '../run/index-parts.ts';

/** Name of the alarm that an optimization raises which fails. */
const optimizeAlarm = 'optimize';

/** So long nothing may have changed before an optimization takes the processors. */
const quietMs = 2000;
/** After one that failed, so long no other is tried. */
const retryAfterMs = 10 * 60_000;

/** Decides when the store's indexes are brought up to date, and tells of failure. */
export class StoreUpkeep {
  readonly #parts: Pick<IndexParts, 'catalogue' | 'store'>;
  readonly #now: () => Date;
  #busyAt = -Infinity;
  #failedAt = -Infinity;
  #isPutOff = false;

  constructor(parts: Pick<IndexParts, 'catalogue' | 'store'>, now: () => Date) {
    this.#parts = parts;
    this.#now = now;
  }

  /** Files change at the moment. */
  busy(): void {
    this.#busyAt = this.#now().getTime();
  }

  /** An optimization was put off and may be tried now. */
  get isDue(): boolean {
    return this.#isPutOff && this.#now().getTime() - this.#failedAt >= retryAfterMs;
  }

  /** Optimizes what needs it; while files change, only what is far over its budget. A failure is an alarm, not an error. */
  async optimize(): Promise<void> {
    const now = this.#now().getTime();
    if (now - this.#failedAt < retryAfterMs) return;
    const isQuiet = now - this.#busyAt >= quietMs;
    const { writer } = this.#parts.catalogue;
    try {
      await this.#parts.store.optimize(isQuiet ? 'due' : 'overdue');
      this.#isPutOff = !isQuiet;
      writer.setAlarm(optimizeAlarm, null);
    } catch (error) {
      this.#failedAt = this.#now().getTime();
      this.#isPutOff = true;
      writer.setAlarm(optimizeAlarm, toServiceError(error).message);
    }
  }
}

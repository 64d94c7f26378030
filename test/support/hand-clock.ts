import type { KeepClock } from '../../indexer/keep/keep-ports.ts';
import type { WatchClock } from '../../indexer/watch/watch-clock.ts';

/** A clock that stands still until a test moves it. */
export class HandClock implements KeepClock, WatchClock {
  #now = Date.parse('2026-03-01T12:00:00Z');
  #timers: { readonly time: number; readonly action: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  at(time: number, action: () => void): () => void {
    const timer = { time, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  after(ms: number, action: () => void): () => void {
    return this.at(this.#now + ms, action);
  }

  /** Moves on, with every timer on the way and what follows from it. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settled();
    for (;;) {
      const [next] = this.#timers.filter(({ time }) => time <= end).sort((one, other) => one.time - other.time);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.time);
      next.action();
      await settled();
    }
    this.#now = end;
  }
}

/** Lets everything run that waits for nothing outside. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

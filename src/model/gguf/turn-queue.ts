import { abortedError } from './child-error.ts';

/** Lets one in at a time, in the order they came. */
export class TurnQueue {
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  /** How many are in or wait. */
  get length(): number {
    return this.#waiting;
  }

  /** Resolves with what ends the turn. Rejects with `aborted` when the signal comes first. */
  async enter(signal: AbortSignal | undefined): Promise<() => void> {
    const turn = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = before.then(() => turn.promise);
    this.#waiting += 1;
    let isOver = false;
    const leave = (): void => {
      if (isOver) return;
      isOver = true;
      this.#waiting -= 1;
      turn.resolve();
    };
    try {
      await unlessAborted(before, signal);
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }
}

/** Waits for a promise, or rejects with `aborted` when the signal comes first. */
export async function unlessAborted<Value>(pending: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return await pending;
  if (signal.aborted) throw abortedError();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(abortedError());
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([pending, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Time and timers, in milliseconds. */
export interface WatchClock {
  /** Never goes back. */
  now(): number;
  /** Runs an action later; returns what cancels it. */
  after(ms: number, action: () => void): () => void;
}

/** The clock of this process. */
export const systemClock: WatchClock = {
  now: () => performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

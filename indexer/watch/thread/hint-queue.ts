import { commonFolders, withoutCovered } from './common-folders.ts';
import type { WatchClock } from '../watch-clock.ts';

/** The most paths that are handed over at once, and the most that wait. */
export const maxPaths = 2000;
/** How long a first change waits for more, and the least between two pieces: a save is a few writes in a few milliseconds. */
const firstDelayMs = 30;
/** The longest that a change waits while others pour in. */
const longestDelayMs = 1000;
/** A handover of as many paths is part of a flood. */
const floodPaths = 100;

/** What a hint queue is told to do. */
export interface HintQueueEvents {
  /** Changed paths; the next come after `taken` is called. */
  onPaths(paths: readonly string[]): void;
  /** So much changes everywhere that only the whole project covers it; nothing is waiting any more. */
  onOverflow(): void;
}

/** When a path was last handed over, and how long after that its next turn may come at the earliest. */
interface Turn {
  readonly at: number;
  readonly gapMs: number;
}

/**
 * Gathers changed paths and hands them over in pieces. A single change waits 30 ms. One that comes again and again (a
 * log that is appended to) waits longer each time, up to a second, and holds up no other; in a flood all wait longer, so
 * that the pieces are big. Too many paths become the folders they share.
 */
export class HintQueue {
  readonly #events: HintQueueEvents;
  readonly #clock: WatchClock;
  /** Path → when it may be handed over at the earliest. */
  #waiting = new Map<string, number>();
  readonly #turns = new Map<string, Turn>();
  #paceMs = firstDelayMs;
  #lastAt = Number.NEGATIVE_INFINITY;
  #isTaking = false;
  #timer: { readonly due: number; cancel(): void } | null = null;

  constructor(events: HintQueueEvents, clock: WatchClock) {
    this.#events = events;
    this.#clock = clock;
  }

  /** A path may have changed, with all that is below it. */
  add(path: string): void {
    if (this.#waiting.has(path) || this.#isCovered(path)) return;
    const now = this.#clock.now();
    const earliest = this.#earliestOf(path, now);
    this.#waiting.set(path, earliest);
    if (this.#waiting.size > maxPaths) this.#shrink(now);
    this.#arm(Math.max(earliest, now + this.#paceMs));
  }

  /** The last piece has arrived. */
  taken(): void {
    this.#isTaking = false;
    this.#armForWaiting();
  }

  /** Forgets what is waiting. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#waiting.clear();
  }

  #isCovered(path: string): boolean {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (this.#waiting.has(path.slice(0, end))) return true;
    }
    return false;
  }

  #earliestOf(path: string, now: number): number {
    const turn = this.#turns.get(path);
    return turn !== undefined && isHot(turn, now) ? turn.at + turn.gapMs : now;
  }

  #shrink(now: number): void {
    const folders = commonFolders([...this.#waiting.keys()], maxPaths / 2);
    this.#waiting = new Map(folders?.map((folder) => [folder, now]));
    if (folders === null) this.#events.onOverflow();
  }

  #armForWaiting(): void {
    if (this.#waiting.size === 0) return;
    this.#arm(Math.max(Math.min(...this.#waiting.values()), this.#lastAt + this.#paceMs));
  }

  #arm(due: number): void {
    if (this.#isTaking || (this.#timer !== null && this.#timer.due <= due)) return;
    this.#timer?.cancel();
    const cancel = this.#clock.after(Math.max(0, due - this.#clock.now()), () => this.#handOver());
    this.#timer = { due, cancel };
  }

  #handOver(): void {
    this.#timer = null;
    const now = this.#clock.now();
    const ready = [...this.#waiting].filter(([, earliest]) => earliest <= now + 1).map(([path]) => path);
    for (const path of ready) this.#waiting.delete(path);
    if (ready.length === 0) {
      this.#armForWaiting();
      return;
    }
    this.#lastAt = now;
    this.#paceMs = ready.length < floodPaths ? firstDelayMs : Math.min(longestDelayMs, 2 * this.#paceMs);
    this.#noteTurns(ready, now);
    this.#isTaking = true;
    this.#events.onPaths(withoutCovered(ready));
  }

  #noteTurns(paths: readonly string[], now: number): void {
    if (this.#turns.size > maxPaths) {
      for (const [path, turn] of this.#turns) if (!isHot(turn, now)) this.#turns.delete(path);
    }
    for (const path of paths) {
      const last = this.#turns.get(path);
      const gapMs = last !== undefined && isHot(last, now) ? Math.min(longestDelayMs, 2 * last.gapMs) : firstDelayMs;
      this.#turns.set(path, { at: now, gapMs });
    }
  }
}

/** Whether a path that comes at a time keeps on changing since its last turn. */
function isHot(turn: Turn, now: number): boolean {
  return now - turn.at < 2 * turn.gapMs + firstDelayMs;
}

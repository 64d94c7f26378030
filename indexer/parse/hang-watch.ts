import { processCpuMs } from './cpu-clock.ts';
import type { ParseThread } from './parse-thread.ts';

/** How many looks fall into the time that a parse may take. */
const looksPerLimit = 5;
/** For each so many characters a parse may take the limit once more; honest code needs a tenth of that. */
const charsPerLimit = 1_000_000;

/**
 * Ends threads whose parse does not come to an end. A parse counts as hung when the clock and the CPU agree: on a
 * loaded machine, where threads wait for their turn, it is given longer.
 */
export class HangWatch {
  readonly #limitMs: number;
  readonly #busyThreads: () => readonly ParseThread[];
  readonly #seen = new WeakMap<ParseThread, { startedAt: bigint; cpuMs: number }>();
  #timer: NodeJS.Timeout | null = null;

  constructor(limitMs: number, busyThreads: () => readonly ParseThread[]) {
    this.#limitMs = limitMs;
    this.#busyThreads = busyThreads;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#look(), this.#limitMs / looksPerLimit).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    const threads = this.#busyThreads();
    const cpuMs = processCpuMs();
    for (const thread of threads) {
      const parsing = thread.heartbeat.parsing();
      if (parsing === null) continue;
      const seen = this.#seen.get(thread);
      if (seen?.startedAt !== parsing.startedAt) {
        this.#seen.set(thread, { startedAt: parsing.startedAt, cpuMs });
        continue;
      }
      const elapsedMs = Number(process.hrtime.bigint() - parsing.startedAt) / 1e6;
      // The process's CPU time is shared by its busy threads.
      const shareMs = (cpuMs - seen.cpuMs) / threads.length;
      const limitMs = this.#limitMs * (1 + parsing.chars / charsPerLimit);
      if (elapsedMs >= limitMs && shareMs >= limitMs) void thread.stop();
    }
  }
}

import { processCpuMs, threadCpuMs } from '../parse/cpu-clock.ts';
import type { StageCosts } from './index-report.ts';
import type { ParseCost } from '../parse/parse-job.ts';

/** Adds up the CPU time of a run by stage. */
export class StageClock {
  readonly #processStartMs = processCpuMs();
  readonly #threadStartMs = threadCpuMs();
  #walk = 0;
  #read = 0;
  #parse = 0;
  #chunk = 0;
  #terms = 0;
  #embed = 0;

  /** The walk is over. Nothing else has run so far, so it has all the process's time, file system threads included. */
  walked(): void {
    this.#walk = processCpuMs() - this.#processStartMs;
  }

  parsed(cost: ParseCost): void {
    this.#read += cost.readMs;
    this.#parse += cost.parseMs;
    this.#chunk += cost.chunkMs;
    this.#terms += cost.termsMs;
    this.#embed += cost.embedMs;
  }

  /** The costs so far; `embedMs` is what the main thread spent on vectors. */
  costs(embedMs: number): StageCosts {
    const parse = this.#parse + this.#chunk + this.#terms;
    const mainThread = threadCpuMs() - this.#threadStartMs;
    const write = Math.max(0, mainThread - this.#walk - embedMs);
    const all = processCpuMs() - this.#processStartMs;
    return {
      walk: this.#walk,
      read: this.#read,
      parse,
      chunk: this.#chunk,
      terms: this.#terms,
      embed: embedMs + this.#embed,
      write,
      background: Math.max(0, all - this.#walk - this.#read - parse - embedMs - this.#embed - write),
    };
  }
}

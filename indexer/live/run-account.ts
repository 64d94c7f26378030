import { ProgressMeter } from '../run/index-progress.ts';
import type { IndexOptions } from '../run/index-parts.ts';
import type { IndexReport } from '../run/index-report.ts';
import { StageClock } from '../run/stage-clock.ts';
import type { StoreWriter } from '../run/store-writer.ts';

/** What of a run's report grows until all is stored. */
export type RunCosts = Pick<IndexReport, 'embedded' | 'elapsedMs' | 'stages'>;

/** Time and work of one run. */
export class RunAccount {
  readonly startedAt: Date;
  readonly clock = new StageClock();
  readonly meter: ProgressMeter;
  readonly #options: IndexOptions;
  readonly #storeWriter: StoreWriter;
  /** What had been embedded before. */
  readonly #before: { readonly embedded: number; readonly embedMs: number };

  /** Begins the account; `embeds` says that an embedding server takes part. The store writer reports to its meter. */
  constructor(options: IndexOptions, storeWriter: StoreWriter, embeds: boolean) {
    this.startedAt = options.now();
    this.#options = options;
    this.#storeWriter = storeWriter;
    this.#before = { embedded: storeWriter.embedded, embedMs: storeWriter.embedMs };
    this.meter = new ProgressMeter((progress) => options.onProgress?.(progress), embeds);
    storeWriter.meter = this.meter;
  }

  /** So far. */
  costs(): RunCosts {
    return {
      embedded: this.#storeWriter.embedded - this.#before.embedded,
      elapsedMs: this.#options.now().getTime() - this.startedAt.getTime(),
      stages: this.clock.costs(this.#storeWriter.embedMs - this.#before.embedMs),
    };
  }
}

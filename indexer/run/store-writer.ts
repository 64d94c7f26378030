import type { Catalogue, PendingBatch } from '../../src/core/catalogue.ts';
import type { Embedder } from '../../src/core/embedding.ts';
import type { VectorStore } from '../../src/core/vector-store.ts';
import { embedRecords } from '../embed/embed-records.ts';
import { threadCpuMs } from '../parse/cpu-clock.ts';
import type { ProgressMeter } from './index-progress.ts';

export interface StoreWriterParts {
  readonly catalogue: Catalogue;
  readonly store: VectorStore;
  /** Null for a lexical index. */
  readonly embedder: Embedder | null;
  readonly meter: ProgressMeter;
  readonly signal: AbortSignal | undefined;
}

/** Chunks in one write to the store: big ones, as each costs a commit; smaller ones where vectors are slow to come. */
const batchRecords = 4096;
const batchRecordsEmbedding = 1024;
/** So many batches may wait in the catalogue before the parsers are held back. */
const batchesAhead = 4;

/** Brings what the catalogue has recorded to the store, in the background of parsing. */
export class StoreWriter {
  readonly #parts: StoreWriterParts;
  readonly #batchRecords: number;
  #waiting = 0;
  #running: Promise<void> | null = null;
  /** Chunks given to the embedder so far, here or in the parser threads. */
  embedded = 0;
  /** CPU time of the main thread while it waited for vectors. */
  embedMs = 0;

  constructor(parts: StoreWriterParts) {
    this.#parts = parts;
    this.#batchRecords = parts.embedder && !parts.embedder.threads ? batchRecordsEmbedding : batchRecords;
  }

  /** So many chunks were recorded. Resolves when there is room for more; rejects when bringing them failed. */
  async recorded(chunks: number): Promise<void> {
    this.#waiting += chunks;
    if (this.#parts.embedder?.threads) this.embedded += chunks;
    this.#parts.meter.recorded(chunks);
    if (this.#waiting >= this.#batchRecords) this.#start();
    while (this.#running !== null && this.#waiting >= this.#batchRecords * batchesAhead) await this.#running;
  }

  /** Brings everything that is pending. */
  async flush(): Promise<void> {
    await this.settle();
    while (await this.#writeBatch());
    this.#waiting = 0;
  }

  /** Waits for the write in progress. */
  async settle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  #start(): void {
    if (this.#running !== null) return;
    const run = this.#drain().finally(() => {
      this.#running = null;
    });
    // Whoever waits for it sees the failure; nobody may be waiting yet.
    run.catch(() => undefined);
    this.#running = run;
  }

  async #drain(): Promise<void> {
    while (this.#waiting >= this.#batchRecords && !this.#parts.signal?.aborted) {
      if (!(await this.#writeBatch())) return;
    }
  }

  /** False when nothing is pending. */
  async #writeBatch(): Promise<boolean> {
    const { catalogue, store, meter } = this.#parts;
    const batch = catalogue.writer.nextBatch(this.#batchRecords);
    if (batch === null) return false;
    const records = await this.#withVectors(batch);
    await store.write({ records, removeBefore: batch.removeBefore });
    catalogue.writer.stored(batch);
    this.#waiting = Math.max(0, this.#waiting - records.length);
    meter.stored(records.length);
    return true;
  }

  async #withVectors(batch: PendingBatch): Promise<PendingBatch['records']> {
    const { embedder, catalogue, meter, signal } = this.#parts;
    if (embedder === null || batch.records.length === 0) return batch.records;
    const startedMs = threadCpuMs();
    const done = await embedRecords(batch.records, embedder, { signal, onEmbedded: () => meter.embedding() });
    this.embedMs += threadCpuMs() - startedMs;
    this.embedded += done.embedded;
    if (done.failedFiles.length > 0) catalogue.writer.degrade(done.failedFiles, 'embedding_failed');
    return done.records;
  }
}

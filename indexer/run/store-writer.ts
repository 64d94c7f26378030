import type { Catalogue, PendingBatch } from '../../src/core/catalogue.ts';
import type { Embedder } from '../../src/core/embedding.ts';
import type { VectorStore } from '../../src/core/vector-store.ts';
import { embedRecords } from '../embed/embed-records.ts';
import { threadCpuMs } from '../parse/cpu-clock.ts';

export interface StoreWriterParts {
  readonly catalogue: Catalogue;
  readonly store: VectorStore;
  /** Null for a lexical index. */
  readonly embedder: Embedder | null;
}

/** Who is told how the writing goes on. */
export interface StoreMeter {
  recorded(chunks: number): void;
  embedding(): void;
  stored(chunks: number): void;
}

/** Chunks in one write to the store: big ones, as each costs a commit; smaller ones where vectors are slow to come. */
const batchRecords = 4096;
const batchRecordsEmbedding = 1024;
/** So many batches may wait in the catalogue before the parsers are held back. */
const batchesAhead = 4;
/** Where the store cannot be written, so many chunks may be pending: all readers hold them in memory. */
const maxBacklogChunks = 20_000;

/**
 * Brings what the catalogue has recorded to the store, a batch at a time. A file that is recorded again while its older
 * content is being written stays pending: the journal has given it a new place.
 */
export class StoreWriter {
  readonly #parts: StoreWriterParts;
  readonly #batchRecords: number;
  /** About so many chunks are pending; too high where files were recorded twice. */
  #waiting: number;
  /** The last turn; batches are written one after the other. */
  #turns: Promise<unknown> = Promise.resolve();
  #running: Promise<void> | null = null;
  /** Why the last attempt in the background failed. */
  #failure: { readonly error: unknown } | null = null;
  /** Told of the present run. */
  meter: StoreMeter | null = null;
  /** Chunks given to the embedder so far, here or in the parser threads. */
  embedded = 0;
  /** CPU time of the main thread while it waited for vectors. */
  embedMs = 0;

  /** `batchChunks` is the most chunks in one write. */
  constructor(parts: StoreWriterParts, batchChunks = batchRecords) {
    this.#parts = parts;
    const most = parts.embedder && !parts.embedder.threads ? batchRecordsEmbedding : batchRecords;
    this.#batchRecords = Math.min(most, batchChunks);
    this.#waiting = parts.catalogue.writer.backlog().chunks;
  }

  /** So many chunks were recorded, and somebody will call `flush`. */
  note(chunks: number): void {
    this.#waiting += chunks;
    if (this.#parts.embedder?.threads) this.embedded += chunks;
    this.meter?.recorded(chunks);
  }

  /**
   * So many chunks were recorded: begins to bring them when they fill a batch. Resolves when there is room for more. A
   * store or embedder that fails holds nobody up until too much is pending; then this rejects with its error.
   */
  async recorded(chunks: number, signal?: AbortSignal): Promise<void> {
    this.note(chunks);
    if (this.#waiting >= this.#batchRecords) this.#start(signal);
    await this.#room(this.#batchRecords * batchesAhead);
  }

  /** As `recorded`, but waits only where memory would run out. */
  async recordedUrgently(chunks: number, signal?: AbortSignal): Promise<void> {
    this.note(chunks);
    if (this.#waiting < maxBacklogChunks) return;
    this.#start(signal);
    await this.#room(maxBacklogChunks);
  }

  /** Brings everything that is pending; stops early when the signal says so. */
  async flush(signal?: AbortSignal): Promise<void> {
    await this.settle();
    this.#failure = null;
    while (!signal?.aborted) {
      if (!(await this.exclusively(() => this.#writeBatch(signal)))) return;
    }
  }

  /** Waits for the writing in the background. */
  async settle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  /** Runs `action` while no batch is being written. */
  exclusively<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#turns.then(action);
    this.#turns = turn.catch(() => undefined);
    return turn;
  }

  async #room(chunks: number): Promise<void> {
    while (this.#running !== null && this.#waiting >= chunks) await this.#running;
    if (this.#failure !== null && this.#waiting >= maxBacklogChunks) throw this.#failure.error;
  }

  #start(signal: AbortSignal | undefined): void {
    if (this.#running !== null || (this.#failure !== null && this.#waiting < maxBacklogChunks)) return;
    this.#failure = null;
    this.#running = this.#drain(signal)
      .catch((error: unknown) => {
        if (!signal?.aborted) this.#failure = { error };
      })
      .finally(() => {
        this.#running = null;
      });
  }

  async #drain(signal: AbortSignal | undefined): Promise<void> {
    while (this.#waiting >= this.#batchRecords && !signal?.aborted) {
      if (!(await this.exclusively(() => this.#writeBatch(signal)))) return;
    }
  }

  /** False when nothing is pending. */
  async #writeBatch(signal: AbortSignal | undefined): Promise<boolean> {
    const { catalogue, store } = this.#parts;
    const batch = catalogue.writer.nextBatch(this.#batchRecords);
    if (batch === null) {
      this.#waiting = 0;
      return false;
    }
    const records = await this.#withVectors(batch, signal);
    await store.write({ records, removeBefore: batch.removeBefore });
    catalogue.writer.stored(batch);
    this.#waiting = Math.max(0, this.#waiting - records.length);
    this.meter?.stored(records.length);
    return true;
  }

  async #withVectors(batch: PendingBatch, signal: AbortSignal | undefined): Promise<PendingBatch['records']> {
    const { embedder, catalogue } = this.#parts;
    if (embedder === null || batch.records.length === 0) return batch.records;
    const startedMs = threadCpuMs();
    const done = await embedRecords(batch.records, embedder, { signal, onEmbedded: () => this.meter?.embedding() });
    this.embedMs += threadCpuMs() - startedMs;
    this.embedded += done.embedded;
    const failed = this.#stillServed(batch, done.failedFiles);
    if (failed.length > 0) catalogue.writer.degrade(failed, 'embedding_failed');
    return done.records;
  }

  /** Those of the files that have not been recorded anew meanwhile. */
  #stillServed({ records }: PendingBatch, files: readonly number[]): readonly number[] {
    const served = this.#parts.catalogue.reader.generations(files);
    return files.filter((file) =>
      records.some((record) => record.file === file && record.generation === served.get(file)),
    );
  }
}

/** What a run does at the moment. */
export type IndexStage = 'walk' | 'parse' | 'embed' | 'write' | 'finish';

/** How far a run is. */
export interface IndexProgress {
  readonly stage: IndexStage;
  /** Share of all work of all stages, 0 to 1, never falling. */
  readonly fraction: number;
  /** Files found so far, and later files to read. */
  readonly files: { readonly done: number; readonly total: number };
  readonly bytes: { readonly done: number; readonly total: number };
  /** Chunks in the store and chunks made in this run. */
  readonly chunks: { readonly done: number; readonly total: number };
}

/** Shares of a run's time, as measured on real projects; only the bar's evenness depends on them. */
const walkShare = 0.02;
const finishShare = 0.04;
/** Time to bring a chunk to the store, relative to the time to make it. */
const writeWeight = 0.6;
const embedWeight = 6;

/** Adds up the work of a run and reports it as one fraction. */
export class ProgressMeter {
  readonly #report: (progress: IndexProgress) => void;
  readonly #storeWeight: number;
  #fraction = 0;
  #stage: IndexStage = 'walk';
  #files = { done: 0, total: 0 };
  #bytes = { done: 0, total: 0 };
  #chunks = { done: 0, total: 0 };

  constructor(report: (progress: IndexProgress) => void, embeds: boolean) {
    this.#report = report;
    this.#storeWeight = writeWeight + (embeds ? embedWeight : 0);
  }

  found(files: number): void {
    this.#files = { done: 0, total: files };
    this.#emit('walk', 0);
  }

  /** The walk is over: so much is to be read. */
  planned(files: number, bytes: number): void {
    this.#files = { done: 0, total: files };
    this.#bytes = { done: 0, total: bytes };
    this.#emit('parse', walkShare);
  }

  parsed(bytes: number): void {
    this.#files.done++;
    this.#bytes.done += bytes;
    this.#emit('parse', this.#workDone());
  }

  recorded(chunks: number): void {
    this.#chunks.total += chunks;
  }

  embedding(): void {
    this.#emit('embed', this.#workDone());
  }

  stored(chunks: number): void {
    this.#chunks.done += chunks;
    this.#chunks.total = Math.max(this.#chunks.total, this.#chunks.done);
    this.#emit('write', this.#workDone());
  }

  finishing(): void {
    this.#emit('finish', 1 - finishShare);
  }

  finished(): void {
    this.#emit('finish', 1);
  }

  #workDone(): number {
    const parsed = this.#bytes.total === 0 ? 1 : this.#bytes.done / this.#bytes.total;
    const stored = this.#chunks.total === 0 ? 0 : this.#chunks.done / this.#chunks.total;
    const share = (parsed + parsed * stored * this.#storeWeight) / (1 + this.#storeWeight);
    return walkShare + share * (1 - walkShare - finishShare);
  }

  #emit(stage: IndexStage, fraction: number): void {
    this.#stage = stage;
    this.#fraction = Math.max(this.#fraction, Math.min(1, fraction));
    this.#report({
      stage: this.#stage,
      fraction: this.#fraction,
      files: { ...this.#files },
      bytes: { ...this.#bytes },
      chunks: { ...this.#chunks },
    });
  }
}

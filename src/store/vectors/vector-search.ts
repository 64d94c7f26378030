import { BestScores, type ScoredId } from './best-scores.ts';
import { IdSet } from './id-set.ts';
import { rowBytes, VectorRows, type VectorQuestion } from './vector-rows.ts';

/** Vectors of some chunks. */
export interface VectorBatch {
  readonly ids: Int32Array;
  /** So many signed bytes a chunk as the index has dimensions; zeros where a chunk has no vector. */
  readonly vectors: Int8Array;
}

/** Where vectors come from. */
export interface VectorSource {
  /** Another number whenever `ids` differ. */
  readonly version: number;
  /** All chunks there are. */
  readonly ids: Int32Array;
  /** Vectors of the chunks whose id is `from` or larger. */
  read(from: number): AsyncIterable<VectorBatch>;
}

export interface VectorSearchOptions {
  readonly dimension: number;
  /** Vectors that take more memory than this are not kept but read anew for each search. Bytes. */
  readonly maxBytes: number;
}

/**
 * Compares a question with every vector. They are kept in memory from the first search on; later ones read only those of chunks that
 * are new. A vector never changes: another content of a file has other chunks.
 */
export class VectorSearch {
  readonly #options: VectorSearchOptions;
  #rows: VectorRows | null = null;
  #version: number | null = null;
  /** Searches share the rows, so one begins when the last has ended. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: VectorSearchOptions) {
    this.#options = options;
  }

  /** The best `limit` by cosine, best first. */
  search(source: VectorSource, question: VectorQuestion, limit: number): Promise<ScoredId[]> {
    const done = this.#turn.then(() => this.#search(source, question, new BestScores(limit)));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #search(source: VectorSource, question: VectorQuestion, best: BestScores): Promise<ScoredId[]> {
    const { dimension, maxBytes } = this.#options;
    const rows = (this.#rows ??= new VectorRows(dimension));
    if (source.ids.length * rowBytes(dimension) > maxBytes) {
      await this.#searchInPassing(source, question, best);
    } else {
      if (this.#version !== source.version) await this.#readNew(source, rows);
      rows.search(question, best);
    }
    return best.ranked();
  }

  async #searchInPassing(source: VectorSource, question: VectorQuestion, best: BestScores): Promise<void> {
    this.#version = null;
    // What was kept before is given back to the system.
    const rows = (this.#rows = new VectorRows(this.#options.dimension));
    for await (const { ids, vectors } of source.read(0)) {
      rows.clear();
      rows.append(ids, vectors);
      rows.search(question, best);
    }
    rows.clear();
  }

  async #readNew(source: VectorSource, rows: VectorRows): Promise<void> {
    this.#version = null;
    const wanted = new IdSet(source.ids);
    rows.keep(wanted);
    const kept = rows.ids;
    for (let row = 0; row < kept.length; row++) wanted.delete(kept[row]!);
    if (wanted.size > 0) {
      for await (const batch of source.read(wanted.smallest())) appendWanted(rows, batch, wanted);
    }
    this.#version = source.version;
  }
}

/** Rows that are there already come again where an older chunk is missing among them. */
function appendWanted(rows: VectorRows, { ids, vectors }: VectorBatch, wanted: IdSet): void {
  const dimension = vectors.length / ids.length;
  if (ids.every((id) => wanted.has(id))) rows.append(ids, vectors);
  else {
    for (const [row, id] of ids.entries()) {
      if (wanted.has(id))
        rows.append(ids.subarray(row, row + 1), vectors.subarray(row * dimension, (row + 1) * dimension));
    }
  }
  for (const id of ids) wanted.delete(id);
}

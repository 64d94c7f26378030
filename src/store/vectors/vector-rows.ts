import type { BestScores } from './best-scores.ts';
import { createScorer, type GrowingMemory, maxQueryValue, stepBytes } from './score-kernel.ts';

/** What is searched for, and among which. */
export interface VectorQuestion {
  readonly vector: Float32Array;
  /** Chunks to look at, null for all. */
  readonly among: Members | null;
}

interface Members {
  has(id: number): boolean;
}

/** Rows scored at a time: their vectors and scores stay in the processor's cache. */
const blockRows = 4096;
const pageBytes = 65_536;

/** Vectors of signed bytes, one a row, in one piece of memory. */
export class VectorRows {
  readonly #dimension: number;
  readonly #stride: number;
  readonly #memory: GrowingMemory;
  readonly #score: ReturnType<typeof createScorer>['score'];
  readonly #scoresAt: number;
  readonly #rowsAt: number;
  #ids = new Int32Array(0);
  #size = 0;

  constructor(dimension: number) {
    this.#dimension = dimension;
    this.#stride = rowBytes(dimension);
    this.#scoresAt = 2 * this.#stride;
    this.#rowsAt = this.#scoresAt + blockRows * Float32Array.BYTES_PER_ELEMENT;
    ({ memory: this.#memory, score: this.#score } = createScorer());
  }

  /** Chunk of each row. */
  get ids(): Int32Array {
    return this.#ids.subarray(0, this.#size);
  }

  clear(): void {
    this.#size = 0;
  }

  /** Adds rows; `vectors` holds `dimension` bytes for each, all zero where there is none, which no search finds. */
  append(ids: Int32Array, vectors: Int8Array): void {
    this.#reserve(this.#size + ids.length);
    this.#ids.set(ids, this.#size);
    const bytes = new Int8Array(this.#memory.buffer);
    let at = this.#rowsAt + this.#size * this.#stride;
    if (this.#stride === this.#dimension) bytes.set(vectors, at);
    else {
      for (let row = 0; row < ids.length; row++, at += this.#stride) {
        bytes.set(vectors.subarray(row * this.#dimension, (row + 1) * this.#dimension), at);
        // Of a row that was here before.
        bytes.fill(0, at + this.#dimension, at + this.#stride);
      }
    }
    this.#size += ids.length;
  }

  /** Drops the rows of all other chunks. */
  keep(chunks: Members): void {
    const bytes = new Int8Array(this.#memory.buffer, this.#rowsAt);
    let kept = 0;
    for (let row = 0; row < this.#size; row++) {
      const id = this.#ids[row]!;
      if (!chunks.has(id)) continue;
      if (kept !== row) {
        this.#ids[kept] = id;
        bytes.copyWithin(kept * this.#stride, row * this.#stride, (row + 1) * this.#stride);
      }
      kept++;
    }
    this.#size = kept;
  }

  /** Offers the cosine of each row's vector. */
  search({ vector, among }: VectorQuestion, best: BestScores): void {
    const scale = this.#writeQuery(vector);
    const scores = new Float32Array(this.#memory.buffer, this.#scoresAt, blockRows);
    for (let start = 0; start < this.#size; start += blockRows) {
      const rows = Math.min(blockRows, this.#size - start);
      const from = this.#rowsAt + start * this.#stride;
      this.#score(from, from + rows * this.#stride, 0, this.#scoresAt, this.#stride);
      for (let row = 0; row < rows; row++) {
        const score = scores[row]! * scale;
        if (!(score >= best.bar)) continue;
        const id = this.#ids[start + row]!;
        if (among === null || among.has(id)) best.offer({ id, score });
      }
    }
  }

  /** Writes the question as 16-bit integers; returns what turns the kernel's scores into cosines. */
  #writeQuery(vector: Float32Array): number {
    const query = new Int16Array(this.#memory.buffer, 0, this.#stride).fill(0);
    const most = vector.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const scale = most > 0 ? maxQueryValue / most : 0;
    let squares = 0;
    for (const [i, value] of vector.subarray(0, this.#dimension).entries()) {
      const rounded = Math.round(value * scale);
      query[i] = rounded;
      squares += rounded ** 2;
    }
    return squares === 0 ? 0 : 1 / Math.sqrt(squares);
  }

  #reserve(rows: number): void {
    if (rows > this.#ids.length) {
      const ids = new Int32Array(Math.max(rows, Math.ceil(this.#ids.length * 1.5), blockRows));
      ids.set(this.ids);
      this.#ids = ids;
    }
    const missing = this.#rowsAt + rows * this.#stride - this.#memory.buffer.byteLength;
    // Growing needs no copy, so there is no need for room in advance.
    if (missing > 0) this.#memory.grow(Math.ceil(missing / pageBytes));
  }
}

/** Bytes of memory that a vector takes. */
export function rowBytes(dimension: number): number {
  return Math.ceil(dimension / stepBytes) * stepBytes;
}

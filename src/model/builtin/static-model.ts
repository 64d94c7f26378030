import type { ChunkEmbedder, EmbeddingDocument } from '../../core/embedding.ts';
import { pathWords } from '../../text/path-words.ts';
import { readWeights, type StaticWeights } from './model-file.ts';
import { Vocabulary } from './vocabulary.ts';

/** Version of how words become a vector; raise it when the same text would get another one. */
export const poolingVersion = 1;

/** What path words weigh beside a word of the text. */
const pathWeight = 3;
/** Counts above this weigh no more. */
const maxCount = 255;

/** Weight of a word by how often it occurs: 1 + ln(count). */
const countWeights = Float32Array.from({ length: maxCount + 1 }, (_, count) => (count === 0 ? 0 : 1 + Math.log(count)));

/**
 * A static embedding: the sum of the vectors of a text's words, each with its own weight, scaled to length 1. No order, no
 * context, so it costs one table row a word (as in model2vec and "StarSpace", Wu et al. 2017). For one thread.
 */
export class StaticModel implements ChunkEmbedder {
  readonly #weights: StaticWeights;
  readonly #vocabulary: Vocabulary;
  readonly #dimension: number;
  /** How often each row occurs in the text at hand; zero between calls. */
  readonly #counts: Uint8Array;
  readonly #rows: Int32Array;
  readonly #sum: Float32Array;
  #used = 0;

  /** `dimension`: so many leading numbers of each vector are used. */
  constructor(memory: ArrayBufferLike, dimension: number) {
    this.#weights = readWeights(memory);
    this.#vocabulary = new Vocabulary(this.#weights);
    this.#dimension = Math.min(dimension, this.#weights.dimensions);
    this.#counts = new Uint8Array(this.#weights.rows);
    this.#rows = new Int32Array(this.#weights.rows);
    this.#sum = new Float32Array(this.#dimension);
  }

  embedChunk({ path, context, text }: EmbeddingDocument): Float32Array {
    this.#sum.fill(0);
    this.#count(text);
    for (const signature of context) this.#count(signature);
    const { chunkScale } = this.#weights;
    this.#drain((row, count) => chunkScale[row]! * countWeights[count]!);
    for (const word of pathWords(path)) {
      for (const row of this.#vocabulary.rowsOfWord(word)) this.#add(row, chunkScale[row]! * pathWeight);
    }
    return this.#unit();
  }

  /** Null where no word of the question is known: such a vector would point nowhere. */
  embedQuestion(question: string): Float32Array | null {
    this.#sum.fill(0);
    this.#count(question);
    if (this.#used === 0) return null;
    const { questionScale } = this.#weights;
    this.#drain((row) => questionScale[row]!);
    return this.#unit();
  }

  #count(text: string): void {
    const counts = this.#counts;
    this.#vocabulary.forEachRow(text, (row) => {
      const count = counts[row]!;
      if (count === 0) this.#rows[this.#used++] = row;
      if (count < maxCount) counts[row] = count + 1;
    });
  }

  /** Adds what was counted, in the order it was met, and forgets it. */
  #drain(factorOf: (row: number, count: number) => number): void {
    for (let index = 0; index < this.#used; index++) {
      const row = this.#rows[index]!;
      this.#add(row, factorOf(row, this.#counts[row]!));
      this.#counts[row] = 0;
    }
    this.#used = 0;
  }

  #add(row: number, factor: number): void {
    const { vectors, dimensions } = this.#weights;
    const sum = this.#sum;
    const start = row * dimensions;
    for (let index = 0; index < sum.length; index++) sum[index] = sum[index]! + factor * vectors[start + index]!;
  }

  /** The sum at length 1. Where no word was known, all numbers alike: a vector must point somewhere. */
  #unit(): Float32Array {
    let squares = 0;
    for (const value of this.#sum) squares += value * value;
    if (squares === 0) return new Float32Array(this.#dimension).fill(1 / Math.sqrt(this.#dimension));
    const factor = 1 / Math.sqrt(squares);
    return this.#sum.map((value) => value * factor);
  }
}

import type { Embedder, EmbedderIdentity, EmbeddingResult } from '../../src/core/embedding.ts';
import { sha256 } from '../../src/core/hash.ts';

/** An embedder of hashed words: equal texts get equal vectors, texts that share words get near ones. */
export class HashEmbedder implements Embedder {
  readonly #identity: EmbedderIdentity;
  /** Every text that was asked for, in order. */
  readonly asked: string[] = [];

  constructor(identity: Partial<EmbedderIdentity> = {}) {
    this.#identity = { model: 'hash', digest: '1', dimension: 32, documentPrefix: '', queryPrefix: '', ...identity };
  }

  get dimension(): number {
    return this.#identity.dimension;
  }

  async identity(signal?: AbortSignal): Promise<EmbedderIdentity> {
    signal?.throwIfAborted();
    return this.#identity;
  }

  /** A text with the word `unembeddable` fails. */
  async embedDocuments(texts: readonly string[], signal?: AbortSignal): Promise<readonly EmbeddingResult[]> {
    signal?.throwIfAborted();
    this.asked.push(...texts);
    return texts.map((text) =>
      text.includes('unembeddable') ? { failed: 'It cannot be.' } : { vector: this.#vector(text) },
    );
  }

  async embedQuery(text: string, signal?: AbortSignal): Promise<Float32Array> {
    signal?.throwIfAborted();
    return this.#vector(text);
  }

  #vector(text: string): Float32Array {
    const vector = new Float32Array(this.#identity.dimension).fill(0.01);
    for (const word of text.toLowerCase().split(/\W+/)) {
      const slot = Number.parseInt(sha256(this.#identity.model + word).slice(0, 8), 16) % vector.length;
      vector[slot] = (vector[slot] ?? 0) + 1;
    }
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  }
}

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { extname } from 'node:path';
import type { ChunkEmbedderSource, Embedder, EmbedderIdentity, EmbeddingResult } from '../../core/embedding.ts';
import { ServiceError } from '../../core/errors.ts';
import { readWeights } from './model-file.ts';
import { modelWordsVersion } from '../../text/model-words.ts';
import { poolingVersion, StaticModel } from './static-model.ts';

const modelFile = new URL('./embedding-model.bin', import.meta.url);
/** 256 numbers a vector gain less than a hundredth in hybrid search, and double the vectors on disk. */
const defaultDimension = 128;

/**
 * The embedding model that comes with Lorekeep: no server, no download, no network. Chunks are embedded in the threads
 * that parse them (`threads`); `embedDocuments` is for texts that come from elsewhere.
 */
export class BuiltinEmbedder implements Embedder {
  readonly threads: ChunkEmbedderSource;
  readonly #identity: EmbedderIdentity;
  #model: StaticModel | null = null;

  constructor(dimension: number = defaultDimension) {
    const memory = readShared(modelFile);
    const { digest, dimensions } = readWeights(memory);
    const module = new URL(`./chunk-embedder${extname(import.meta.url)}`, import.meta.url).href;
    this.threads = { module, memory, dimension: Math.min(dimension, dimensions) };
    this.#identity = {
      model: 'builtin',
      // The same weights give other vectors when words are read or weighed otherwise.
      digest: `${modelWordsVersion}.${poolingVersion}.${digest}`,
      dimension: this.threads.dimension,
      documentPrefix: '',
      queryPrefix: '',
    };
  }

  async identity(signal?: AbortSignal): Promise<EmbedderIdentity> {
    signal?.throwIfAborted();
    return this.#identity;
  }

  async embedDocuments(texts: readonly string[], signal?: AbortSignal): Promise<readonly EmbeddingResult[]> {
    signal?.throwIfAborted();
    return texts.map((text) => ({ vector: this.#open().embedChunk({ path: '', context: [], text }) }));
  }

  async embedQuery(text: string, signal?: AbortSignal): Promise<Float32Array> {
    signal?.throwIfAborted();
    const vector = this.#open().embedQuestion(text);
    if (vector !== null) return vector;
    throw new ServiceError('request_invalid', 'The built-in model knows no word of this question.');
  }

  #open(): StaticModel {
    this.#model ??= new StaticModel(this.threads.memory, this.threads.dimension);
    return this.#model;
  }
}

/** A file's content in memory that threads share. */
function readShared(url: URL): SharedArrayBuffer {
  const file = openSync(url, 'r');
  try {
    const memory = new SharedArrayBuffer(fstatSync(file).size);
    const bytes = new Uint8Array(memory);
    for (let at = 0; at < bytes.length;) {
      const read = readSync(file, bytes, at, bytes.length - at, at);
      if (read === 0)
        throw new ServiceError('internal', 'The built-in embedding model ends early. Install Lorekeep again.');
      at += read;
    }
    return memory;
  } finally {
    closeSync(file);
  }
}

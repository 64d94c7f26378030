/** What makes two vectors comparable. A difference in any field means another index (house rule 3). */
export interface EmbedderIdentity {
  /** Model name as its server or package names it; after `openai:` for a server of that kind. */
  readonly model: string;
  /** Content digest of the weights; '' only where the server tells none. */
  readonly digest: string;
  /** Length of a vector. */
  readonly dimension: number;
  readonly documentPrefix: string;
  readonly queryPrefix: string;
}

/** One text's outcome: unit-length vector, or why there is none. A failing text never fails its neighbours. */
export type EmbeddingResult = { readonly vector: Float32Array } | { readonly failed: string };

/** Turns text into vectors. */
export interface Embedder {
  /** Reached before the first call; throws `model_unavailable` or `model_missing`. */
  identity(signal?: AbortSignal): Promise<EmbedderIdentity>;
  /** Vectors of chunks, in order, one result per text. Bounded concurrency and batch size are the embedder's own affair. */
  embedDocuments(texts: readonly string[], signal?: AbortSignal): Promise<readonly EmbeddingResult[]>;
  /** Vector of a question. */
  embedQuery(text: string, signal?: AbortSignal): Promise<Float32Array>;
  /** There where chunks can be embedded in the threads that make them; `embedDocuments` is then not asked for them. */
  readonly threads?: ChunkEmbedderSource;
  /** Gives back what it holds open, where it holds anything. */
  close?(): void;
}

/** What of a chunk is embedded. */
export interface EmbeddingDocument {
  /** Project-relative. */
  readonly path: string;
  /** Signatures of the enclosing definitions. */
  readonly context: readonly string[];
  readonly text: string;
}

/** Embeds chunks in the calling thread, at once. */
export interface ChunkEmbedder {
  /** A new vector of unit length. */
  embedChunk(document: EmbeddingDocument): Float32Array;
}

/** How a thread gets a chunk embedder. Plain data: it travels between threads. */
export interface ChunkEmbedderSource {
  /** URL of a module that exports `openChunkEmbedder`. */
  readonly module: string;
  /** The model, shared by all threads. */
  readonly memory: SharedArrayBuffer;
  /** Length of a vector. */
  readonly dimension: number;
}

/** What the module of a `ChunkEmbedderSource` exports as `openChunkEmbedder`. */
export type OpenChunkEmbedder = (source: ChunkEmbedderSource) => ChunkEmbedder;

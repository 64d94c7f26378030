/** What makes two vectors comparable. A difference in any field means another index (house rule 3). */
export interface EmbedderIdentity {
  /** Model name as its server or package names it. */
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
}

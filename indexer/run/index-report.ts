/** CPU time of one run by stage, in milliseconds. */
export interface StageCosts {
  /** Listing folders and applying ignore rules, on the main thread. */
  readonly walk: number;
  /** Reading, hashing and decoding files. */
  readonly read: number;
  /** Syntax trees, symbols, chunks and search terms. */
  readonly parse: number;
  /** Of `parse`: cutting into chunks. */
  readonly chunk: number;
  /** Of `parse`: making search terms. */
  readonly terms: number;
  /** Making vectors: in the parser threads, or what a server's take on the main thread. */
  readonly embed: number;
  /** The rest of the main thread: catalogue, handing chunks to the store, taking them from the parsers. */
  readonly write: number;
  /** Threads that belong to no stage: the store's own, garbage collection, compiling parsers. */
  readonly background: number;
}

/** Outcome of a run. `files`, `chunks`, `skipped`, `degraded` and `bytes` are of the whole index, the rest of this run. */
export interface IndexReport {
  readonly files: number;
  readonly chunks: number;
  readonly symbols: number;
  readonly skipped: number;
  readonly degraded: number;
  /** Bytes of indexed source. */
  readonly bytes: number;
  /** Files and folders left out by ignore rules, a folder counted once. */
  readonly ignored: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Files whose content the index had already. */
  readonly unchanged: number;
  /** Files that were parsed and chunked. */
  readonly parsed: number;
  /** Chunks that were given to the embedder. */
  readonly embedded: number;
  /** Files that an unclean stop had left half stored and that were indexed anew. */
  readonly repaired: number;
  readonly elapsedMs: number;
  readonly stages: StageCosts;
  /** True when the run was stopped before its end; what was recorded is kept and the next run goes on from there. */
  readonly aborted: boolean;
  /** Sentences the caller must see. */
  readonly notices: readonly string[];
}

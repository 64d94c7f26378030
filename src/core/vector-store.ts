import type { ChunkKind } from './chunk.ts';

/** A chunk as the store keeps it. */
export interface ChunkRecord {
  /** Unique within the index, positive; given by the catalogue. */
  readonly id: number;
  /** Catalogue number of the file. */
  readonly file: number;
  /** Generation of the file that this chunk belongs to. */
  readonly generation: number;
  readonly path: string;
  readonly language: string;
  readonly kind: ChunkKind;
  readonly name: string;
  /** 1-based, inclusive. */
  readonly startLine: number;
  readonly endLine: number;
  /** Signatures of the enclosing definitions, joined with a newline. */
  readonly context: string;
  /** Exact text. */
  readonly text: string;
  /** Search terms, space-separated, as src/text makes them. */
  readonly terms: string;
  /** Unit length; absent in a lexical index or where embedding failed. */
  readonly vector?: Float32Array;
}

/** What ranking needs of a chunk. */
export type ChunkOutline = Omit<ChunkRecord, 'context' | 'text' | 'terms' | 'vector'>;

/** What a reader needs of a chunk. */
export type ChunkContent = Pick<ChunkRecord, 'context' | 'text'>;

/** A chunk found, without its text. */
export type StoreHit = ChunkOutline & { readonly score: number };

/** One search term with its weight. */
export interface QueryTerm {
  readonly term: string;
  readonly weight: number;
}

/** What narrows a search. Files that are not listed are not searched. */
export interface StoreFilter {
  readonly languages?: readonly string[];
  /** Catalogue numbers of the files to search (a path glob is resolved by the catalogue). */
  readonly files?: readonly number[];
}

export interface SearchOptions {
  readonly limit: number;
  readonly filter?: StoreFilter;
}

/** A batch of changes. `removeBefore` drops every chunk of the file with a lower generation. */
export interface StoreBatch {
  readonly records: readonly ChunkRecord[];
  readonly removeBefore: readonly { readonly file: number; readonly generation: number }[];
}

/** How much has to pile up before an optimization is done. */
export type OptimizeWhen = 'due' | 'overdue';

/**
 * Chunks with their full-text index and vectors. One writer, many readers; what is written is visible to readers of
 * other processes after `write` has resolved. It may hold superseded generations: readers drop hits whose generation
 * is not the one the catalogue serves.
 */
export interface VectorStore {
  write(batch: StoreBatch): Promise<void>;
  /**
   * Brings the indexes up to date and drops old versions, where that is worth it: `due` (the default) for the end of a run
   * or idle time, `overdue` only where searches have become slow or the disk fills up.
   */
  optimize(when?: OptimizeWhen): Promise<void>;
  /** BM25 over `terms`, best first; score > 0. */
  searchText(terms: readonly QueryTerm[], options: SearchOptions): Promise<readonly StoreHit[]>;
  /** Cosine similarity, best first; empty without vectors. */
  searchVector(vector: Float32Array, options: SearchOptions): Promise<readonly StoreHit[]>;
  /** Whole records by id, in the order of `ids`; unknown ids are left out. */
  read(ids: readonly number[]): Promise<readonly ChunkRecord[]>;
  /** Contents by id; unknown ids are left out. Half the work of `read`. */
  contents(ids: readonly number[]): Promise<ReadonlyMap<number, ChunkContent>>;
  /** As `read`, without the contents, which for a hundred chunks take two thirds of the time. */
  outline(ids: readonly number[]): Promise<readonly ChunkOutline[]>;
  /** Rows of each file and generation: what an unclean stop is checked against. */
  inventory(): Promise<readonly { readonly file: number; readonly generation: number; readonly rows: number }[]>;
  close(): Promise<void>;
}

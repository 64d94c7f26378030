import type { ChunkKind } from './chunk.ts';

/** Where evidence lies. Lines are 1-based and inclusive. */
export interface Citation {
  readonly project: string;
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** One ranking signal's part in a score, for `--explain`. */
export interface SignalShare {
  /** Name of the signal, for example `bm25`, `path-match`, `definition`. */
  readonly signal: string;
  /** What it added to the score (or, for a factor, what it took away). */
  readonly value: number;
}

/** A chunk that answers a question, best first in a list. */
export interface Hit extends Citation {
  readonly score: number;
  readonly language: string;
  readonly kind: ChunkKind;
  /** Name of the definition, '' if none. */
  readonly name: string;
  /** Signatures of the enclosing definitions, outermost first. */
  readonly context: readonly string[];
  readonly text: string;
  /** The catalogue's number of the file, and the generation that the text is of; both null where it was read from disk for this request. */
  readonly file: number | null;
  readonly generation: number | null;
  readonly signals: readonly SignalShare[];
}

export interface SearchRequest {
  readonly question: string;
  readonly limit: number;
  /** Glob over project-relative paths (`src/**`, `*.ts`). */
  readonly path?: string;
  readonly language?: string;
}

/** What a search found, and in which way. */
export interface SearchResult {
  readonly hits: readonly Hit[];
  /** `lexical` when the index has no vectors or the embedder could not be asked (then `notices` says why). */
  readonly mode: 'hybrid' | 'lexical';
  /** Sentences the caller must see: a missing embedder, a stale index. */
  readonly notices: readonly string[];
}

/** Finds evidence for a question. */
export interface Retriever {
  search(request: SearchRequest, signal?: AbortSignal): Promise<SearchResult>;
}

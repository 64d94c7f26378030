import type { SymbolHit } from '../core/catalogue.ts';
import type { SignalShare } from '../core/retrieval.ts';
import type { StoreHit } from '../core/vector-store.ts';

/** A definition that the question may ask for, with how sure that is. */
export interface AskedDefinition {
  readonly symbol: SymbolHit;
  /** What finding this name is worth, before the file's own name is looked at. */
  readonly weight: number;
  /** The folded name that was asked for. */
  readonly name: string;
}

/** Place of a chunk that a search did not find: far behind all that it did. */
export const notRanked = 400;

/** A chunk on its way through the ranking. */
export interface Candidate {
  readonly project: string;
  readonly hit: StoreHit;
  /** BM25 and cosine, each scaled to 0…1 over the candidates; 0 where that search did not find the chunk. */
  readonly lexical: number;
  readonly dense: number;
  /** Cosine similarity to the question; that of the last one found where the dense search did not find the chunk. */
  readonly cosine: number;
  /** Places in the two searches, from 0; `notRanked` where it was not found. */
  readonly lexicalRank: number;
  readonly denseRank: number;
  /** Definitions in this chunk whose name the question asks for. */
  readonly definitions: readonly AskedDefinition[];
  /** Exact text, only read when the question quotes a phrase. */
  readonly text?: string;
}

/** A candidate with its score and where the score comes from. */
export interface Ranked {
  readonly candidate: Candidate;
  readonly score: number;
  readonly signals: readonly SignalShare[];
}

/** Files of different projects may have the same number. */
export function fileKey(candidate: Candidate): string {
  return `${candidate.project}\u0000${candidate.hit.file}`;
}

import type { UnpackedChunk } from '../../core/packing/packed-chunks.ts';

/** A file to cut into chunks as it is on disk now. */
export interface RechunkFile {
  /** Project-relative. */
  readonly path: string;
  /** What to hand to `node:fs`. */
  readonly absolute: Uint8Array;
  /** Hash of a content that need not be cut, null for none. */
  readonly knownHash: string | null;
}

/** What became of it. Its chunks, one behind the other, are the whole text of one reading. */
export type Rechunked =
  | {
      readonly kind: 'chunks';
      /** Of the bytes that were read. */
      readonly hash: string;
      readonly chunks: readonly UnpackedChunk[];
    }
  /** Its content is the one that the caller knows. */
  | { readonly kind: 'known' }
  /** It is gone, or must not be shown: a secret, no text, too large. */
  | { readonly kind: 'none' };

/** Reads a file and cuts it along its syntax, as the indexer would, without holding up the calling thread. */
export type Rechunk = (file: RechunkFile) => Promise<Rechunked>;

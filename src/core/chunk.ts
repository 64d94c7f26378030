/** What a chunk is made of, coarse enough for ranking. */
export const chunkKinds = ['definition', 'part', 'members', 'code', 'section', 'window'] as const;
/**
 * - `definition`: one whole function, class, type … with its comments
 * - `part`: a piece of a definition that was too long
 * - `members`: several small definitions merged
 * - `code`: statements outside definitions (imports, top level)
 * - `section`: a section of a document or a block of data
 * - `window`: a run of lines, where no syntax tree was to be had
 */
export type ChunkKind = (typeof chunkKinds)[number];

/** A piece of one file. The chunks of a file cover its text without gap or overlap, in order. */
export interface Chunk {
  /** Position among the chunks of the file, from 0. */
  readonly ordinal: number;
  /** UTF-16 offsets into the decoded text, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** 1-based, inclusive. `startLine` is the first line with a non-blank character of the chunk. */
  readonly startLine: number;
  readonly endLine: number;
  readonly kind: ChunkKind;
  /** Name of the definition (for `definition` and `part`), else ''. */
  readonly name: string;
  /** Signatures of the enclosing definitions, outermost first; for a `part` the last is the definition's own. */
  readonly context: readonly string[];
  /** The text to search where it differs from the chunk's own (column formats without their sequence numbers). */
  readonly searchText?: string;
}

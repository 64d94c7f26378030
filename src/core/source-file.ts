/** A file as the indexer read it: decoded text with its line table. */
export interface SourceFile {
  /** Relative to the project root, with `/`. Bytes that are not UTF-8 are written `\xHH` (see indexer/path-name.ts). */
  readonly path: string;
  /** The decoded text, line ends as they are on disk, a leading byte order mark removed. */
  readonly text: string;
  /** WHATWG label of the encoding that was used, for example `utf-8`, `shift_jis`. */
  readonly encoding: string;
  /** True when the encoding was guessed from statistics, not told by a BOM or by being valid UTF-8. */
  readonly encodingGuessed: boolean;
  /** UTF-16 offset of the first character of each line; `lineStarts[0]` is 0. Made by the decoder. */
  readonly lineStarts: Uint32Array;
  /** Lower-case hex SHA-256 of the bytes on disk. */
  readonly hash: string;
  /** Size on disk in bytes. */
  readonly bytes: number;
  /** Language name from the grammar table (`typescript`, `python` …), or `text` where there is no grammar. */
  readonly language: string;
}

/**
 * Why a file is not in the index. An expected outcome, not an error. `link` is a symbolic link to something inside the
 * root, which is met under its own name.
 */
export const skipReasons = [
  'binary',
  'minified',
  'generated',
  'unreadable',
  'link',
  'outside_root',
  'broken_link',
  'special_file',
  'secret',
  'too_large',
] as const;
export type SkipReason = (typeof skipReasons)[number];

/** Why a file is in the index with less than full quality. */
export const degradeReasons = [
  'no_grammar',
  'parse_budget',
  'parser_failed',
  'guessed_encoding',
  'undecodable_bytes',
  'embedding_failed',
] as const;
export type DegradeReason = (typeof degradeReasons)[number];

/** What the file system said of a file, enough to notice a change without reading it. */
export interface FileStat {
  readonly bytes: number;
  readonly mtimeNs: bigint;
  readonly inode: bigint;
}

/** 1-based line of a UTF-16 offset, by binary search in a line table. */
export function lineAt(lineStarts: Uint32Array, offset: number): number {
  let low = 0;
  let high = lineStarts.length;
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

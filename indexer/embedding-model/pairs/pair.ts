/**
 * Where a question of a pair comes from: `doc` a comment, its first sentence, `doc2` its second; `name` the words of a
 * name; `test` what a test says of itself; `commit` a commit's subject; `readme` prose before an example; `mention`
 * prose that names an identifier; `header` a file's opening comment.
 */
export type PairKind = 'doc' | 'doc2' | 'name' | 'test' | 'commit' | 'readme' | 'mention' | 'header';

/** What is said about a block of code. */
export interface Question {
  readonly kind: PairKind;
  readonly text: string;
}

/** A piece of code with what is said about it elsewhere than in its own text. */
export interface Block {
  readonly code: string;
  readonly questions: readonly Question[];
  /** Name of its definition, '' for none. */
  readonly name: string;
}

/** Blocks of one file, in order. `path` is '' where it must not be read as a hint (a commit's hunks, a document). */
export interface BlockFile {
  readonly path: string;
  readonly language: string;
  readonly blocks: readonly Block[];
}

/** More of a definition than this would not be one chunk. */
export const maxBlockChars = 1400;

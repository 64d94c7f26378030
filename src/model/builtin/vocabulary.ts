import { wordsOfToken } from '../../text/model-words.ts';
import { tokensOf } from '../../text/words.ts';
import type { StaticWeights } from './model-file.ts';

/** A rest shorter than this says nothing. */
const minPiece = 3;
/** Tokens whose rows are remembered; source code repeats its identifiers. */
const maxKnown = 50_000;
const none: readonly number[] = [];

/** Finds the rows of a model that stand for a text. One that stands for none of a word stands for its longest pieces. */
export class Vocabulary {
  readonly #rows: ReadonlyMap<string, number>;
  #known = new Map<string, readonly number[]>();

  constructor({ rows, strings, stringOffsets }: StaticWeights) {
    const text = Buffer.from(strings.buffer, strings.byteOffset, strings.byteLength);
    const entries = new Map<string, number>();
    for (let row = 0; row < rows; row++) {
      entries.set(text.toString('utf8', stringOffsets[row], stringOffsets[row + 1]), row);
    }
    this.#rows = entries;
  }

  /** Calls back with the row of each word of a text, with repeats. */
  forEachRow(text: string, visit: (row: number) => void): void {
    for (const token of tokensOf(text)) for (const row of this.#rowsOf(token)) visit(row);
  }

  #rowsOf(token: string): readonly number[] {
    const known = this.#known.get(token);
    if (known !== undefined) return known;
    if (this.#known.size >= maxKnown) this.#known = new Map();
    const found = wordsOfToken(token).flatMap((word) => this.rowsOfWord(word));
    const rows = found.length === 0 ? none : found;
    this.#known.set(token, rows);
    return rows;
  }

  /** The row of a word, else those of the longest entries that it can be cut into from the left. */
  rowsOfWord(word: string): readonly number[] {
    const row = this.#rows.get(word);
    if (row !== undefined) return [row];
    const pieces: number[] = [];
    for (let at = 0; at + minPiece <= word.length;) {
      const piece = this.#longestAt(word, at);
      if (piece !== null) pieces.push(piece.row);
      at += piece?.length ?? 1;
    }
    return pieces;
  }

  #longestAt(word: string, at: number): { row: number; length: number } | null {
    for (let end = word.length; end >= at + minPiece; end--) {
      const row = this.#rows.get(word.slice(at, end));
      if (row !== undefined) return { row, length: end - at };
    }
    return null;
  }
}

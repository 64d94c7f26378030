import type { TextColumn } from '../core/packing/packed-chunks.ts';
import { pathWords } from './path-words.ts';
import { TermTable } from './term-table.ts';
import { bigrams, isAscii, isCjk, splitIdentifier, stem, tokensOf } from './words.ts';

/** What of a chunk is searched, beside the path of its file. */
export interface TermSource {
  /** As UTF-8. */
  readonly text: Uint8Array;
  /** Name of the definition, '' if none. */
  readonly name: string;
  /** Signatures of the enclosing definitions. */
  readonly context: readonly string[];
}

/** Version of the term rules; part of the chunker version stamped on each file. */
export const termsVersion = 1;

/** How often path words and the definition's name count beside the text. */
const pathRepeats = 2;
const nameRepeats = 2;

/** Terms by token, one table for the thread. It is made when the first file comes: a search needs none. */
let table: TermTable | null = null;

/**
 * Search terms of a file's chunks, space-separated: identifiers whole and split, stems beside the originals, path words,
 * and character bigrams for Chinese, Japanese and Korean.
 */
export function chunkTerms(path: string, chunks: readonly TermSource[]): TextColumn {
  table ??= new TermTable((token) => tokenTerms(token).join(' '));
  const lengths = new Int32Array(chunks.length);
  for (const word of pathWords(path)) table.addToken(Buffer.from(word));
  const once = table.take();
  for (const [i, { text, name, context }] of chunks.entries()) {
    const start = table.length;
    addText(table, text);
    for (const signature of context) addText(table, Buffer.from(signature));
    for (let repeat = 0; repeat < nameRepeats && name !== ''; repeat++) addText(table, Buffer.from(name));
    for (let repeat = 0; repeat < pathRepeats; repeat++) table.addBytes(once);
    // Without the last space.
    table.truncate(Math.max(start, table.length - 1));
    lengths[i] = table.length - start;
  }
  return { bytes: table.take(), lengths };
}

function addText(terms: TermTable, text: Uint8Array): void {
  const start = terms.length;
  if (terms.addTokens(text)) return;
  terms.truncate(start);
  const characters = Buffer.from(text.buffer, text.byteOffset, text.length).toString();
  for (const token of tokensOf(characters)) terms.addToken(Buffer.from(token));
}

/** Terms of one token: itself, its words, and their stems where they differ. Long numbers say nothing and are dropped. */
export function tokenTerms(token: string): string[] {
  if (!isAscii(token) && isCjk(token)) return bigrams(token);
  if (/^\d{5,}$/.test(token) || token.length > 100) return [];
  const whole = token.toLowerCase().replace(/^_+|_+$/g, '');
  const words = splitIdentifier(token);
  const terms = words.length > 1 ? [whole, ...words] : words;
  const stems = words.map(stem).filter((stemmed, index) => stemmed !== words[index]);
  return [...terms, ...stems];
}

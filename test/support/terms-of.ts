import { chunkTerms, type TermSource } from '../../src/text/terms.ts';

/** What of a chunk is searched, with its text as a string. */
export type TextSource = Omit<TermSource, 'text'> & { readonly text: string; readonly path: string };

/** The search terms of one chunk, space-separated. */
export function termsOf({ path, text, name, context }: TextSource): string {
  return Buffer.from(chunkTerms(path, [{ text: Buffer.from(text), name, context }]).bytes).toString();
}

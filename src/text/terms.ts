import { pathWords } from './path-words.ts';
import { bigrams, isCjk, splitIdentifier, stem, tokensOf } from './words.ts';

/** What of a chunk is searched. */
export interface TermSource {
  readonly text: string;
  readonly path: string;
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

/** Terms by token: source code repeats its identifiers, so each is analysed once. Bounded, then started afresh. */
let termCache = new Map<string, string>();
const maxCachedTokens = 200_000;

/**
 * Search terms of a chunk, space-separated: identifiers whole and split, stems beside the originals, path words, and
 * character bigrams for Chinese, Japanese and Korean.
 */
export function chunkTerms(source: TermSource): string {
  const terms: string[] = [];
  for (const token of tokensOf(source.text)) push(terms, token);
  for (const signature of source.context) for (const token of tokensOf(signature)) push(terms, token);
  for (let repeat = 0; repeat < nameRepeats && source.name !== ''; repeat++) {
    for (const token of tokensOf(source.name)) push(terms, token);
  }
  return [...terms, ...pathTerms(source.path)].join(' ');
}

/** The chunks of a file come one after another, so the last path's terms are kept. */
let lastPath = { path: '', terms: [] as readonly string[] };

function pathTerms(path: string): readonly string[] {
  if (lastPath.path !== path) {
    const once: string[] = [];
    for (const word of pathWords(path)) push(once, word);
    lastPath = { path, terms: Array.from({ length: pathRepeats }, () => once).flat() };
  }
  return lastPath.terms;
}

function push(terms: string[], token: string): void {
  const known = termCache.get(token);
  if (known === undefined) {
    if (termCache.size >= maxCachedTokens) termCache = new Map();
    const made = tokenTerms(token).join(' ');
    termCache.set(token, made);
    if (made !== '') terms.push(made);
  } else if (known !== '') terms.push(known);
}

/** Terms of one token: itself, its words, and their stems where they differ. Long numbers say nothing and are dropped. */
export function tokenTerms(token: string): string[] {
  if (isCjk(token)) return bigrams(token);
  if (/^\d{5,}$/.test(token) || token.length > 100) return [];
  const whole = token.toLowerCase().replace(/^_+|_+$/g, '');
  const words = splitIdentifier(token);
  const terms = words.length > 1 ? [whole, ...words] : words;
  const stems = words.map(stem).filter((stemmed, index) => stemmed !== words[index]);
  return [...terms, ...stems];
}

import type { CatalogueReader } from '../core/catalogue.ts';
import { wordLikeness } from './path-match.ts';

/** Letters that two words must share to be compared at all; see path-match.ts. */
const prefixLength = 3;

/**
 * How much a match of each query word in a path says: near 1 for a word that few paths have, near 0 for one that most
 * have (log-scaled inverse document frequency over paths).
 */
export function pathRarity(words: readonly string[], catalogues: readonly CatalogueReader[]): Map<string, number> {
  const prefixes = [...new Set(words.map((word) => word.slice(0, prefixLength)))];
  const matches = catalogues.flatMap((catalogue) => [...catalogue.pathWordCounts(prefixes)]);
  const files = catalogues.reduce((sum, catalogue) => sum + catalogue.fileCount(), 0);
  return new Map(words.map((word) => [word, rarity(countLike(word, matches), files)]));
}

function countLike(word: string, matches: readonly { readonly word: string; readonly files: number }[]): number {
  return matches.reduce((sum, match) => sum + (wordLikeness(word, match.word) > 0 ? match.files : 0), 0);
}

function rarity(count: number, files: number): number {
  if (count === 0) return 1;
  return Math.log(1 + files / Math.min(count, files)) / Math.log(1 + files);
}

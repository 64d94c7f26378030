import type { CatalogueReader } from '../core/catalogue.ts';
import { pathWords } from '../text/path-words.ts';
import { wordLikeness } from './path-match.ts';

/** Letters that two words must share to be compared at all; see path-match.ts. */
const prefixLength = 3;

/** A project's own name says nothing of where in the project something is. */
const projectNameFactor = 0.25;

/** What rarity is judged by: a project's name and its paths. */
export interface NamedPaths {
  readonly name: string;
  readonly catalogue: Pick<CatalogueReader, 'pathWordCounts' | 'fileCount'>;
}

/**
 * How much a match of each query word in a path says: near 1 for a word that few paths have, near 0 for one that most
 * have (log-scaled inverse document frequency over paths).
 */
export function pathRarity(words: readonly string[], projects: readonly NamedPaths[]): Map<string, number> {
  const prefixes = [...new Set(words.map((word) => word.slice(0, prefixLength)))];
  const matches = projects.flatMap(({ catalogue }) => [...catalogue.pathWordCounts(prefixes)]);
  const files = projects.reduce((sum, { catalogue }) => sum + catalogue.fileCount(), 0);
  const own = new Set(projects.flatMap(({ name }) => [...pathWords(`${name}/`)]));
  const factorOf = (word: string): number => (own.has(word) ? projectNameFactor : 1);
  return new Map(words.map((word) => [word, factorOf(word) * rarity(countLike(word, matches), files)]));
}

function countLike(word: string, matches: readonly { readonly word: string; readonly files: number }[]): number {
  return matches.reduce((sum, match) => sum + (wordLikeness(word, match.word) > 0 ? match.files : 0), 0);
}

function rarity(count: number, files: number): number {
  if (count === 0) return 1;
  return Math.log(1 + files / Math.min(count, files)) / Math.log(1 + files);
}

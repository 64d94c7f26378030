import { foldName } from '../text/fold-name.ts';
import { pathWords } from '../text/path-words.ts';
import { stem } from '../text/words.ts';

/** The words of a path that say what a file is about. */
export interface PathNames {
  /** Words of the file name without extension; for `index`, `mod` and the like also those of its folder. */
  readonly stemWords: readonly string[];
  /** Words of the two nearest folders. */
  readonly folderWords: readonly string[];
  /** File name without extension, folded like a symbol name. */
  readonly foldedStem: string;
}

/** File names that speak of their folder, not of themselves. */
const folderSpeaks = /^(?:index|mod|__init__|init|main|lib|default)$/i;
const nearFolders = 2;
/** An equal beginning is weaker evidence than an equal word or stem. */
const sameStem = 0.95;
const samePrefix = 0.8;
const sameRoot = 0.6;
const shortestPrefix = 3;
const shortestRoot = 5;

/** Takes a project-relative path apart for matching. */
export function pathNames(path: string): PathNames {
  const folders = path.split('/');
  const file = folders.pop() ?? '';
  const stemName = file.replace(/(?<=.)\.[^.]*$/, '');
  const near = folders.slice(-nearFolders);
  const own = pathWords(file);
  const parent = folders.at(-1);
  return {
    stemWords: folderSpeaks.test(stemName) && parent ? [...pathWords(`${parent}/`), ...own] : own,
    folderWords: near.flatMap((folder) => [...pathWords(`${folder}/`)]),
    foldedStem: foldName(stemName),
  };
}

/** How alike two lower-case words are: 1 equal, 0 unrelated; prefixes of three letters and more count. */
export function wordLikeness(left: string, right: string): number {
  if (left === right) return 1;
  const [short, long] = left.length < right.length ? [left, right] : [right, left];
  if (short.length < shortestPrefix || short.slice(0, shortestPrefix) !== long.slice(0, shortestPrefix)) return 0;
  if (stem(left) === stem(right)) return sameStem;
  if (long.startsWith(short)) return samePrefix;
  let shared = 0;
  while (shared < short.length && short[shared] === long[shared]) shared++;
  return shared >= shortestRoot && shared >= short.length - 3 ? sameRoot : 0;
}

/** Best likeness of a word to any of several. */
export function bestLikeness(word: string, others: readonly string[]): number {
  let best = 0;
  for (const other of others) best = Math.max(best, wordLikeness(word, other));
  return best;
}

import { existsSync, readdirSync } from 'node:fs';
import { joinByteString } from '../walk/path-name.ts';

/**
 * Tells whether a name is written on disk just so. Where `A` and `a` are one file, or two spellings of `é` are, the file
 * system finds a file under names that a walk never sees, and a renaming that changes nothing else would go unnoticed.
 */
export class ExactNames {
  readonly #root: string;
  readonly #folds: boolean;
  readonly #names = new Map<string, ReadonlySet<string>>();

  /** Good for one moment: what it has listed it does not list again. `folds` says that names are to be checked at all. */
  constructor(root: string, folds: boolean) {
    this.#root = root;
    this.#folds = folds;
  }

  /** Of a path that the file system finds, as a byte string. */
  has(path: string): boolean {
    if (!this.#folds) return true;
    const at = path.lastIndexOf('/');
    const folder = path.slice(0, Math.max(0, at));
    const names = this.#names.get(folder) ?? namesIn(joinByteString(this.#root, folder));
    this.#names.set(folder, names);
    return names.has(path.slice(at + 1));
  }
}

/** True where the folder's file system takes names of another case for the same; null when nothing there can tell. */
export function foldsNames(folder: string): boolean | null {
  const names = namesIn(folder);
  for (const name of names) {
    const swapped = swapCase(name);
    if (swapped !== name && !names.has(swapped)) return existsSync(joinByteString(folder, swapped));
  }
  return null;
}

function namesIn(folder: string | Buffer): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder, 'latin1'));
  } catch {
    // It has just gone, or may not be listed: then no name is there to be served either.
    return new Set();
  }
}

function swapCase(name: string): string {
  return name.replace(/[a-zA-Z]/g, (letter) =>
    letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
  );
}

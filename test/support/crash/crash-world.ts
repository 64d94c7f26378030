import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A project that changes at random, and its index, in one folder. */
export class CrashWorld {
  readonly root: string;
  readonly indexFolder: string;

  constructor(folder: string, root = join(folder, 'project')) {
    this.root = root;
    this.indexFolder = join(folder, 'index');
    mkdirSync(this.root, { recursive: true });
  }

  /** The same project with an index of its own in another folder. */
  beside(folder: string): CrashWorld {
    return new CrashWorld(folder, this.root);
  }

  /** A few changes: new content, new files, files gone, files renamed. Returns the paths that are concerned. */
  mutate(random: Random): readonly string[] {
    const changes = 1 + random.below(6);
    return Array.from({ length: changes }, () => this.#change(random)).flat();
  }

  #change(random: Random): string[] {
    const path = pathOf(random.below(fileNames));
    const absolute = join(this.root, path);
    const isThere = existsSync(absolute);
    const kind = random.below(10);
    if (isThere && kind === 1) {
      const other = pathOf(random.below(fileNames));
      renameSync(absolute, join(this.root, other));
      return [path, other];
    }
    if (isThere && kind === 0) rmSync(absolute);
    else writeFileSync(absolute, contentOf(path, random));
    return [path];
  }
}

/** So many files there may be. */
const fileNames = 24;
const maxLines = 24;

/** The word that is in every line of a file, and in no other file unless that was renamed from it. */
export function wordOf(path: string): string {
  return path.replace('.txt', '');
}

function pathOf(number: number): string {
  const letter = (index: number): string => String.fromCodePoint(97 + index);
  return `zq${letter(number % 26)}${letter(Math.floor(number / 26))}x.txt`;
}

function contentOf(path: string, random: Random): string {
  const edition = random.below(1_000_000);
  const lines = Array.from(
    { length: 1 + random.below(maxLines) },
    (_, line) => `${wordOf(path)} edition ${edition} line ${line} ${'abc '.repeat(random.below(12))}`,
  );
  return `${lines.join('\n')}\n`;
}

/** Numbers that look random and follow from a seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** One of the values. */
  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

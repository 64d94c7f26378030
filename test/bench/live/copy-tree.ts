import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createIgnoreMatcher, walk } from '../../../indexer/walk/walk.ts';
import type { FileEntry } from '../../../indexer/walk/walk-entry.ts';
import type { Random } from '../../support/changes/random.ts';

/** Copies files of a tree in a random order, as many as are asked for. */
export class TreeCopy {
  readonly #files: FileEntry[];
  readonly #target: string;
  #bytes = 0;

  private constructor(files: FileEntry[], target: string) {
    this.#files = files;
    this.#target = target;
  }

  static async of(source: string, target: string, random: Random): Promise<TreeCopy> {
    const files: FileEntry[] = [];
    for await (const entry of walk(createIgnoreMatcher(source))) if (entry.kind === 'file') files.push(entry);
    for (let last = files.length - 1; last > 0; last--) {
      const other = random.below(last + 1);
      [files[last], files[other]] = [files[other]!, files[last]!];
    }
    return new TreeCopy(files, target);
  }

  /** Bytes that were copied so far. */
  get bytes(): number {
    return this.#bytes;
  }

  get isComplete(): boolean {
    return this.#files.length === 0;
  }

  /** Copies until there are so many bytes, or nothing is left. */
  upTo(bytes: number): void {
    while (this.#bytes < bytes) {
      const file = this.#files.pop();
      if (file === undefined) return;
      const target = join(this.#target, file.path);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(file.absolute, target);
      this.#bytes += file.stat.bytes;
    }
  }
}

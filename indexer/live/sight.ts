import { accessSync, constants, lstatSync } from 'node:fs';
import { specialKind } from '../walk/list-folder.ts';
import { byteStringOfName, joinByteString, nameOfByteString } from '../walk/path-name.ts';
import { skippedByError } from '../walk/skip-entry.ts';
import type { FileEntry, SkippedEntry } from '../walk/walk-entry.ts';
import type { ExactNames } from './exact-names.ts';

/** What is on disk at a path, or at the first folder above it that is none. All the catalogue has below must agree. */
export type Sight =
  | { readonly kind: 'nothing'; readonly path: string }
  | { readonly kind: 'folder'; readonly path: string }
  /** `special` of a type of file that is never read, null for a link. */
  | { readonly kind: 'other'; readonly path: string; readonly special: string | null }
  | FileEntry
  | SkippedEntry;

/** Looks at project-relative paths without following a link. Good for one moment: a folder once seen is not looked at again. */
export class DiskView {
  readonly #root: string;
  readonly #names: ExactNames;
  /** Byte strings. */
  readonly #folders = new Set<string>(['']);

  constructor(root: string, names: ExactNames) {
    this.#root = root;
    this.#names = names;
  }

  /** Synchronous: a few system calls, and nothing can happen in this process between the look and what it is for. */
  look(path: string): Sight {
    const parts = byteStringOfName(path).split('/');
    for (let length = 1; length < parts.length; length++) {
      const folder = parts.slice(0, length).join('/');
      if (this.#folders.has(folder)) continue;
      const sight = this.#lookAt(folder);
      if (sight.kind !== 'folder' || !this.#isListable(folder)) return sight;
      this.#folders.add(folder);
    }
    return path === '' ? { kind: 'folder', path } : this.#lookAt(parts.join('/'));
  }

  #lookAt(bytes: string): Sight {
    const path = nameOfByteString(bytes);
    const absolute = joinByteString(this.#root, bytes);
    try {
      const stat = lstatSync(absolute, { bigint: true });
      if (!this.#names.has(bytes)) return { kind: 'nothing', path };
      if (stat.isDirectory()) return { kind: 'folder', path };
      if (stat.isSymbolicLink()) return { kind: 'other', path, special: null };
      if (!stat.isFile()) return { kind: 'other', path, special: specialKind(stat) };
      const { size, mtimeNs, ino } = stat;
      return { kind: 'file', path, absolute, stat: { bytes: Number(size), mtimeNs, inode: ino } };
    } catch (error) {
      return skippedByError(bytes, error) ?? { kind: 'nothing', path };
    }
  }

  /** What lies in a folder that may not be listed is not found by a walk either. */
  #isListable(folder: string): boolean {
    try {
      accessSync(joinByteString(this.#root, folder), constants.R_OK);
      return true;
    } catch {
      return false;
    }
  }
}

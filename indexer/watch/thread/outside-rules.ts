import { type Stats, unwatchFile, watchFile } from 'node:fs';

const lookEveryMs = 1000;

/**
 * Ignore files that lie outside the project's folders: `info/exclude`, the user's global file, those above the root. They
 * are few and change rarely, so each is looked at once a second; that also works where its folder does not exist yet.
 */
export class OutsideRules {
  readonly #onChange: (folder: string) => void;
  readonly #files = new Map<string, (now: Stats, before: Stats) => void>();

  /** `onChange` is told of the folder (byte string) that a changed file holds for. */
  constructor(onChange: (folder: string) => void) {
    this.#onChange = onChange;
  }

  /** Looks at a file from now on, which holds for a folder of the project and all below. */
  add(file: string, folder: string): void {
    if (this.#files.has(file)) return;
    const listener = (): void => this.#onChange(folder);
    this.#files.set(file, listener);
    watchFile(file, { interval: lookEveryMs, persistent: false }, listener);
  }

  close(): void {
    for (const [file, listener] of this.#files) unwatchFile(file, listener);
    this.#files.clear();
  }
}

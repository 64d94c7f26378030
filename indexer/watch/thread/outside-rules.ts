import { unwatchFile, watchFile } from 'node:fs';

const lookEveryMs = 1000;

/**
 * Ignore files that lie outside the project's folders: `info/exclude`, the user's global file, those above the root. They
 * are few and change rarely, so each is looked at once a second; that also works where its folder does not exist yet.
 */
export class OutsideRules {
  readonly #onChange: () => void;
  readonly #files = new Set<string>();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Looks at a file from now on. */
  add(file: string): void {
    if (this.#files.has(file)) return;
    this.#files.add(file);
    watchFile(file, { interval: lookEveryMs, persistent: false }, this.#onChange);
  }

  close(): void {
    for (const file of this.#files) unwatchFile(file, this.#onChange);
    this.#files.clear();
  }
}

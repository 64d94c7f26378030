import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type GitScope, gitScopeAt } from '../../walk/git-scope.ts';
import { isOutOfReach } from '../watch-failure.ts';
import { GitActivity, type GitActivityParts } from './git-activity.ts';

/** `git init` makes its folder first and then what is in it; it is looked for again as often, at this distance. */
const looks = 10;
const lookAgainMs = 300;

/** The work trees of git that a project touches, by the folder where each begins. */
export class GitWatches {
  readonly #parts: GitActivityParts;
  readonly #onScope: (scope: GitScope) => void;
  readonly #byFolder = new Map<string, GitActivity>();
  readonly #again = new Map<string, () => void>();

  /** `onScope` is told of each work tree that is found. */
  constructor(parts: GitActivityParts, onScope: (scope: GitScope) => void) {
    this.#parts = parts;
    this.#onScope = onScope;
  }

  /** Watches the git folder of a work tree, given as an absolute path; anew where `isNew`. */
  look(folder: string, isNew: boolean): void {
    if (!isNew && this.#byFolder.has(folder)) return;
    this.#drop(folder);
    this.#tryToOpen(folder, looks);
  }

  close(): void {
    for (const folder of new Set([...this.#byFolder.keys(), ...this.#again.keys()])) this.#drop(folder);
  }

  #tryToOpen(folder: string, left: number): void {
    const scope = gitScopeAt(folder);
    if (scope === null) {
      if (left === 0 || !existsSync(join(folder, '.git'))) return;
      this.#again.set(
        folder,
        this.#parts.clock.after(lookAgainMs, () => this.#tryToOpen(folder, left - 1)),
      );
      return;
    }
    try {
      this.#byFolder.set(folder, new GitActivity(scope.gitFolder, this.#parts));
      this.#onScope(scope);
    } catch (error) {
      if (!isOutOfReach(error)) this.#parts.onFailure(error);
    }
  }

  #drop(folder: string): void {
    this.#byFolder.get(folder)?.close();
    this.#byFolder.delete(folder);
    this.#again.get(folder)?.();
    this.#again.delete(folder);
  }
}

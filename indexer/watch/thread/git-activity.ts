import { existsSync, type FSWatcher, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WatchClock } from '../watch-clock.ts';
import type { OpenWatch } from './watched-tree.ts';

/** What a git command writes when it changes the work tree, or is in the middle of doing so. */
const stateNames: ReadonlySet<string> = new Set([
  'MERGE_HEAD',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'BISECT_LOG',
  'ORIG_HEAD',
  'rebase-merge',
  'rebase-apply',
  'sequencer',
]);
const lockName = 'index.lock';
/** Written by more commands than change the work tree: they count only where a file has changed since, or HEAD has. */
const otherNames: ReadonlySet<string> = new Set(['HEAD', 'index', lockName]);
/** As long without an event: the command has ended. Its steps follow one another within milliseconds. */
const settledMs = 150;
/** A lock that stays is waited for as long; after that, git has died. */
const longestLockMs = 60_000;

/** What git activity is measured with, and who is told. */
export interface GitActivityParts {
  readonly open: OpenWatch;
  readonly clock: WatchClock;
  /** When a file of the project last changed, by the clock. */
  lastHintAt(): number;
  /** A command that may have changed many files has ended. */
  onEnd(): void;
  onFailure(error: unknown): void;
}

/**
 * Notices when a git command that changes the work tree has ended: a checkout, a merge, each step of a rebase. Commands
 * that only look, or add and commit, leave the files alone and are passed over.
 */
export class GitActivity {
  readonly #gitFolder: string;
  readonly #parts: GitActivityParts;
  readonly #watcher: FSWatcher;
  #head: string;
  #begunAt: number | null = null;
  #lastAt = 0;
  #hasState = false;
  #cancel: (() => void) | null = null;

  /** Throws what the operating system says where the folder cannot be watched. */
  constructor(gitFolder: string, parts: GitActivityParts) {
    this.#gitFolder = gitFolder;
    this.#parts = parts;
    this.#watcher = parts.open(gitFolder, (_, name) => this.#take(name));
    this.#watcher.on('error', (error) => parts.onFailure(error));
    this.#head = this.#readHead();
  }

  close(): void {
    this.#watcher.close();
    this.#cancel?.();
    this.#cancel = null;
  }

  #take(name: string | null): void {
    const isState = name === null || stateNames.has(name);
    if (!isState && !otherNames.has(name)) return;
    this.#lastAt = this.#parts.clock.now();
    this.#begunAt ??= this.#lastAt;
    this.#hasState ||= isState;
    this.#cancel ??= this.#parts.clock.after(settledMs, () => this.#lookForEnd());
  }

  #lookForEnd(): void {
    const now = this.#parts.clock.now();
    const begunAt = this.#begunAt ?? now;
    const isLocked = existsSync(join(this.#gitFolder, lockName)) && now - this.#lastAt < longestLockMs;
    this.#cancel = null;
    if (isLocked || now - this.#lastAt < settledMs) {
      this.#cancel = this.#parts.clock.after(settledMs, () => this.#lookForEnd());
      return;
    }
    const head = this.#readHead();
    const hasChanged = this.#hasState || head !== this.#head || this.#parts.lastHintAt() >= begunAt;
    this.#head = head;
    this.#begunAt = null;
    this.#hasState = false;
    if (hasChanged) this.#parts.onEnd();
  }

  #readHead(): string {
    try {
      return readFileSync(join(this.#gitFolder, 'HEAD'), 'utf8');
    } catch {
      return '';
    }
  }
}

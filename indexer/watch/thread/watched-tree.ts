import type { watch } from 'node:fs';

/** Opens a watch on one folder: `watch` of `node:fs`, or what a test puts in its place. */
export type OpenWatch = typeof watch;

/** What a watched tree tells. */
export interface FileTreeEvents {
  /** A path may have changed, with all that is below it; in the form of path-name.ts. */
  onHint(path: string): void;
  /** One event of the operating system has come, whatever it says. */
  onEvent(): void;
  /** Something has changed, and nobody knows where. */
  onLost(): void;
  /** Which folders are wanted may have changed: another tree is to be opened in place of this one. */
  onRules(): void;
  /** A folder (byte string) has an entry called `.git`; `isNew` when that has just come, gone or been replaced. */
  onRepository(folder: string, isNew: boolean): void;
  /** The tree can be watched no more. */
  onFailure(error: unknown): void;
}

/** The folders of a project that are watched, by the rules as they were when it was made. */
export interface WatchedTree {
  /** Resolves when every change from then on is told, or when it is closed. Changes meanwhile may be told. */
  start(): Promise<void>;
  /** Ends all watches. */
  close(): Promise<void>;
}

/** Names of files that say what belongs to a project: a change of one changes the fate of others. */
export const ruleNames: ReadonlySet<string> = new Set(['.gitignore', '.lorekeepignore', 'CACHEDIR.TAG', 'pyvenv.cfg']);

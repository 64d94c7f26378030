import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { readRuleFile } from './rule-file.ts';

/** A work tree of git, as far as ignore rules care. */
export interface GitScope {
  /** Folder that all work trees of this repository share: `info/exclude` lies there. */
  readonly commonFolder: string;
  /** Folder of this work tree alone: `HEAD` and `index` lie there. */
  readonly gitFolder: string;
  /** True for a work tree added with `git worktree add`. */
  readonly isLinkedWorktree: boolean;
}

/** The repository whose work tree starts at `folder`, null if none does. */
export function gitScopeAt(folder: string): GitScope | null {
  const dotGit = join(folder, '.git');
  const pointer = readRuleFile(dotGit);
  const gitFolder = 'text' in pointer ? pointedFolder(pointer.text, folder) : dotGit;
  if (gitFolder === null || !existsSync(join(gitFolder, 'HEAD'))) return null;
  const common = readRuleFile(join(gitFolder, 'commondir'), true);
  const commonFolder = 'text' in common ? resolve(gitFolder, utf8Of(common.text)) : gitFolder;
  if (!existsSync(commonFolder)) return null;
  return { commonFolder: realpathSync(commonFolder), gitFolder, isLinkedWorktree: 'text' in common };
}

/** The work tree that `root` lies in, searching upwards; null outside of any repository. */
export function enclosingWorkTree(root: string): string | null {
  for (let folder = root; ; folder = dirname(folder)) {
    if (gitScopeAt(folder) !== null) return folder;
    if (folder === dirname(folder)) return null;
  }
}

/** Folders from `top` down to the parent of `root`, empty when they are the same. */
export function foldersAbove(root: string, top: string): readonly string[] {
  const steps = relative(top, root).split('/').filter(Boolean);
  return steps.map((_, index) => join(top, ...steps.slice(0, index)));
}

/** `.git` as a file: `gitdir: <folder>`. */
function pointedFolder(text: string, folder: string): string | null {
  const match = /^gitdir: (.+)/.exec(utf8Of(text));
  return match?.[1] === undefined ? null : resolve(folder, match[1]);
}

function utf8Of(bytes: string): string {
  return Buffer.from(bytes, 'latin1')
    .toString('utf8')
    .replace(/[\r\n]+$/, '');
}

import { ServiceError } from '../../src/core/errors.ts';
import { folderMarkers } from '../walk/default-excludes.ts';
import { gitRules, ownRules } from '../walk/rule-lists.ts';
import { parentOf } from './path-set.ts';

/** Where to look because of a path that somebody says has changed. */
export interface Hint {
  readonly path: string;
  /** What belongs to the folder at `path` may have changed without a change of its files. */
  readonly changesRules: boolean;
}

/** Files that decide about the folder they lie in, with all below. */
const ruleNames = new Set([gitRules, ownRules, ...folderMarkers.map(({ name }) => name)]);
/** As much for the folder that the `.git` is in: then a repository begins or ends there, or has other rules of its own. */
const ruleFilesOfGit = new Set(['', 'info', 'info/exclude']);

/** Null where nothing of the project can have changed: inside git's own folder. Errors: `request_invalid`. */
export function hintOf(path: string): Hint | null {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/') || parts.includes('..')) {
    throw new ServiceError(
      'request_invalid',
      `${path} is not a path within the project. Give it relative to the root.`,
    );
  }
  const git = parts.indexOf('.git');
  if (git >= 0) {
    const isRule = ruleFilesOfGit.has(parts.slice(git + 1).join('/'));
    return isRule ? { path: parts.slice(0, git).join('/'), changesRules: true } : null;
  }
  const plain = parts.join('/');
  const changesRules = ruleNames.has(parts.at(-1) ?? '');
  return { path: changesRules ? parentOf(plain) : plain, changesRules };
}

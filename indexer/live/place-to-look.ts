import { ServiceError } from '../../src/core/errors.ts';
import { folderMarkers } from '../walk/default-excludes.ts';
import { gitRules, ownRules } from '../walk/rule-lists.ts';
import { parentOf } from './path-set.ts';

/** Files that decide about the folder they lie in, with all below. */
const ruleNames = new Set([gitRules, ownRules, ...folderMarkers.map(({ name }) => name)]);
/** As much for the folder that the `.git` is in: then a repository begins or ends there, or has other rules of its own. */
const ruleFilesOfGit = new Set(['', 'info', 'info/exclude']);

/**
 * Where to look because somebody says that `path` has changed: there, or at the folder that it decides about. Null where
 * nothing of the project can have changed: inside git's own folder. Errors: `request_invalid`.
 */
export function placeToLook(path: string): string | null {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/') || parts.includes('..')) {
    throw new ServiceError(
      'request_invalid',
      `${path} is not a path within the project. Give it relative to the root.`,
    );
  }
  const git = parts.indexOf('.git');
  if (git >= 0) return ruleFilesOfGit.has(parts.slice(git + 1).join('/')) ? parts.slice(0, git).join('/') : null;
  const plain = parts.join('/');
  return ruleNames.has(parts.at(-1) ?? '') ? parentOf(plain) : plain;
}

import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sha256 } from '../core/hash.ts';

/** What stays the same when a folder is moved. */
export interface ProjectFingerprint {
  /** Inode and time of birth: stays when moved within a file system; together they are never used twice. */
  readonly folder: string;
  /** Hash of the first entry in git's log of HEAD: stays when moved anywhere; null without git. */
  readonly git: string | null;
}

/** Fingerprint of a folder, null when there is none at the path. */
export function fingerprint(root: string): ProjectFingerprint | null {
  const stat = statSync(root, { bigint: true, throwIfNoEntry: false });
  if (!stat?.isDirectory()) return null;
  return { folder: `${stat.ino}.${stat.birthtimeNs}`, git: gitFingerprint(root) };
}

/** True when two fingerprints are of one folder. */
export function sameFolder(left: ProjectFingerprint, right: ProjectFingerprint): boolean {
  return left.folder === right.folder || (left.git !== null && left.git === right.git);
}

/** The first entry holds the commit, the person and the second of the clone or first commit. */
function gitFingerprint(root: string): string | null {
  try {
    const log = readFileSync(join(gitFolder(root), 'logs', 'HEAD'), 'utf8');
    const [first] = log.split('\n');
    return first ? sha256(first) : null;
  } catch {
    return null;
  }
}

/** In a linked worktree `.git` is a file that names the folder. */
function gitFolder(root: string): string {
  const path = join(root, '.git');
  if (statSync(path).isDirectory()) return path;
  return resolve(
    root,
    readFileSync(path, 'utf8')
      .replace(/^gitdir: /, '')
      .trim(),
  );
}

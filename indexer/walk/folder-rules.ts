import { excludedFiles, excludedFolders } from './default-excludes.ts';
import {
  decidingRule,
  type IgnoreRule,
  isBlanket,
  isUnanchored,
  type RuleList,
  type RuleSubject,
} from './ignore-rules.ts';

/**
 * What the rules make of a path:
 * - `kept`: part of the project
 * - `reincluded`: brought back by `.lorekeepignore`, itself or a folder above
 * - `ignored`: left out by git's rules; a rule of `.lorekeepignore` may bring back what is below
 * - `ignored_by_default`: left out by the built-in list; only a rule that names the folder reaches below
 * - `barred`: left out by `.lorekeepignore`, with all that is below
 */
export type Standing = 'kept' | 'reincluded' | 'ignored' | 'ignored_by_default' | 'barred';

/** Rules in force inside one folder. Lists are in order of precedence; a folder without rule files shares its parent's. */
export interface FolderRules {
  /** Byte string relative to the root, '' for the root. */
  readonly path: string;
  readonly standing: Standing;
  /** Lists of `.lorekeepignore` files, the deepest first. */
  readonly own: readonly RuleList[];
  /** Lists of `.gitignore` files, the deepest first. */
  readonly git: readonly RuleList[];
  /** git's lists that hold for the whole repository: `info/exclude`, then the user's global file. */
  readonly repository: readonly RuleList[];
  /** The git folder of the repository that this folder belongs to, '' outside of any. */
  readonly commonFolder: string;
}

/** True when a path is part of the project. */
export function isIncluded(standing: Standing): boolean {
  return standing === 'kept' || standing === 'reincluded';
}

const defaultFolders = new Set(excludedFolders.map((row) => row.name));
const defaultFiles = new Set(excludedFiles.map((row) => row.name));

/** Judges an entry of `folder`. The order: `.lorekeepignore`, the folder's own standing, git, the built-in list. */
export function standingOf(folder: FolderRules, name: string, isFolder: boolean): Standing {
  if (folder.standing === 'barred') return 'barred';
  const subject = { path: childPath(folder, name), name, isFolder };
  const own = decidingRule(folder.own, subject, ownRuleFilter(folder));
  if (own !== null) return own.negated ? 'reincluded' : 'barred';
  if (!isIncluded(folder.standing)) return folder.standing;
  return standingByGit(folder, subject) ?? folder.standing;
}

/** Path of an entry of `folder`, relative to the root. */
export function childPath(folder: FolderRules, name: string): string {
  return folder.path === '' ? name : `${folder.path}/${name}`;
}

function standingByGit(folder: FolderRules, subject: RuleSubject): Standing | null {
  // `!build/` means all of build, also where git was told `build/**` or a `.gitignore` inside says `*`.
  const counts = folder.standing === 'reincluded' ? (rule: IgnoreRule) => !isBlanket(rule) : undefined;
  const rule = decidingRule(folder.git, subject, counts) ?? decidingRule(folder.repository, subject, counts);
  if (rule?.negated) return null;
  if ((subject.isFolder ? defaultFolders : defaultFiles).has(subject.name)) return 'ignored_by_default';
  return rule === null ? null : 'ignored';
}

/** `!*.md` is not meant to search every installed package. */
function ownRuleFilter(folder: FolderRules): ((rule: IgnoreRule) => boolean) | undefined {
  return folder.standing === 'ignored_by_default' ? (rule) => !rule.negated || !isUnanchored(rule) : undefined;
}

import {
  compileGlob,
  type GlobPattern,
  matchesAnywhere,
  matchesEveryName,
  matchesGlob,
  mayMatchBelow,
} from './glob-pattern.ts';

/** One line of an ignore file. */
export interface IgnoreRule {
  /** `!` in front: brings back what an earlier rule left out. */
  readonly negated: boolean;
  /** A slash at the end: folders only. */
  readonly folderOnly: boolean;
  /** No other slash: compared with the name alone, at any depth. */
  readonly nameOnly: boolean;
  readonly glob: GlobPattern;
}

/** The rules of one ignore file. Their paths count from the folder of that file. */
export interface RuleList {
  readonly rules: readonly IgnoreRule[];
  /** How many bytes of a root-relative path come before the part the rules see … */
  readonly skip: number;
  /** … and what to put there instead, for ignore files above the root. */
  readonly above: string;
}

/** A path (byte string relative to the root) to be checked. */
export interface RuleSubject {
  readonly path: string;
  readonly name: string;
  readonly isFolder: boolean;
}

/** Reads the rules of an ignore file, given as a byte string. Lines that can match nothing are dropped. */
export function parseIgnoreRules(text: string): readonly IgnoreRule[] {
  const body = text.startsWith('\xef\xbb\xbf') ? text.slice(3) : text;
  return body.split('\n').flatMap((line) => parseLine(line) ?? []);
}

function parseLine(line: string): IgnoreRule | null {
  if (line.startsWith('#')) return null;
  // git keeps rules in C strings: a zero byte ends the line.
  const [content = ''] = line.replace(/\r$/, '').split('\0', 1);
  let pattern = trimTrailingSpaces(content);
  const negated = pattern.startsWith('!');
  if (negated) pattern = pattern.slice(1);
  const folderOnly = pattern.endsWith('/');
  if (folderOnly) pattern = pattern.slice(0, -1);
  if (pattern === '') return null;
  const nameOnly = !pattern.includes('/');
  const glob = compileGlob(pattern.startsWith('/') ? pattern.slice(1) : pattern, !nameOnly);
  return glob === null ? null : { negated, folderOnly, nameOnly, glob };
}

/** Spaces at the end go, unless escaped; a line that ends in a lone backslash stays as it is. */
function trimTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') end--;
  let backslashes = 0;
  while (line[end - 1 - backslashes] === '\\') backslashes++;
  return line.slice(0, backslashes % 2 === 1 && end < line.length ? end + 1 : end);
}

/** The rule that decides: the last match of the first list that has one. `counts` may pass over rules. */
export function decidingRule(
  lists: readonly RuleList[],
  subject: RuleSubject,
  counts?: (rule: IgnoreRule) => boolean,
): IgnoreRule | null {
  for (const list of lists) {
    const below = list.above + subject.path.slice(list.skip);
    for (let index = list.rules.length - 1; index >= 0; index--) {
      const rule = list.rules[index];
      if (rule !== undefined && matchesRule(rule, below, subject) && (counts?.(rule) ?? true)) return rule;
    }
  }
  return null;
}

function matchesRule(rule: IgnoreRule, below: string, subject: RuleSubject): boolean {
  if (rule.folderOnly && !subject.isFolder) return false;
  return matchesGlob(rule.glob, rule.nameOnly ? subject.name : below);
}

/** Whether a rule names no folder, so that it could match anywhere: `*.md`, `**` + `/x.md`. */
export function isUnanchored(rule: IgnoreRule): boolean {
  return rule.nameOnly || matchesAnywhere(rule.glob);
}

/** Whether a rule leaves out whatever there is: `*`, `build/**`. */
export function isBlanket(rule: IgnoreRule): boolean {
  return !rule.negated && matchesEveryName(rule.glob);
}

/** Whether a negated rule of `lists` could bring back something below `folder` (byte string). */
export function mayReincludeBelow(lists: readonly RuleList[], folder: string, anchoredOnly: boolean): boolean {
  return lists.some((list) => {
    const below = list.above + folder.slice(list.skip);
    return list.rules.some((rule) => {
      if (!rule.negated) return false;
      return isUnanchored(rule) ? !anchoredOnly : mayMatchBelow(rule.glob, below);
    });
  });
}

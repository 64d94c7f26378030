import { join, relative } from 'node:path';
import type { GitScope } from './git-scope.ts';
import { foldersAbove } from './git-scope.ts';
import { parseIgnoreRules, type RuleList } from './ignore-rules.ts';
import { joinByteString, nameOfByteString } from './path-name.ts';
import { readRuleFile } from './rule-file.ts';

export const gitRules = '.gitignore';
export const ownRules = '.lorekeepignore';

interface RuleFile {
  readonly absolute: string | Buffer;
  /** How it is called in notices. */
  readonly shown: string;
  readonly followLinks?: boolean;
}

/** Loads the rule files of one project and keeps what went wrong, by file. */
export class RuleLists {
  readonly problems = new Map<string, string>();
  readonly #root: string;
  readonly #globalExcludesFile: string | undefined;

  constructor(root: string, globalExcludesFile: string | undefined) {
    this.#root = root;
    this.#globalExcludesFile = globalExcludesFile;
  }

  /** Rules of the file called `name` in `folder` (byte string): one list, or none. */
  inFolder(folder: string, name: string): readonly RuleList[] {
    const path = folder === '' ? name : `${folder}/${name}`;
    const at = { skip: path.length - name.length, above: '' };
    return this.#load({ absolute: joinByteString(this.#root, path), shown: nameOfByteString(path) }, at);
  }

  /** `.gitignore` files from the parent of the root up to `top`, the deepest first. */
  aboveRoot(top: string): readonly RuleList[] {
    const lists = foldersAbove(this.#root, top).map((folder) => {
      const file = join(folder, gitRules);
      return this.#load({ absolute: file, shown: file }, { skip: 0, above: prefixBelow(folder, this.#root) });
    });
    return lists.flat().toReversed();
  }

  /** `info/exclude` and the user's global file, for the work tree at `top`; `folder` is its path in the project. */
  ofRepository(scope: GitScope | null, top: string, folder: string): readonly RuleList[] {
    const at = { skip: folder === '' ? 0 : folder.length + 1, above: prefixBelow(top, this.#root) };
    const files = [scope === null ? undefined : join(scope.commonFolder, 'info/exclude'), this.#globalExcludesFile];
    return files.flatMap((file) =>
      file === undefined ? [] : this.#load({ absolute: file, shown: file, followLinks: true }, at),
    );
  }

  #load(file: RuleFile, at: Omit<RuleList, 'rules'>): readonly RuleList[] {
    const read = readRuleFile(file.absolute, file.followLinks);
    if ('text' in read) return [{ ...at, rules: parseIgnoreRules(read.text) }];
    if (read.problem !== '') this.problems.set(file.shown, read.problem);
    return [];
  }
}

/** What lies between `folder` and a root below it, as a byte string with a slash at the end; '' elsewhere. */
function prefixBelow(folder: string, root: string): string {
  const between = relative(folder, root);
  if (between === '' || between === '..' || between.startsWith('../')) return '';
  return Buffer.from(`${between}/`, 'utf8').toString('latin1');
}

import { existsSync, realpathSync } from 'node:fs';
import { folderMarkers } from './default-excludes.ts';
import { type FolderRules, isIncluded, type Standing, standingOf } from './folder-rules.ts';
import { enclosingWorkTree, gitScopeAt } from './git-scope.ts';
import { mayReincludeBelow } from './ignore-rules.ts';
import { byteStringOfName, joinByteString } from './path-name.ts';
import { gitRules, ownRules, RuleLists } from './rule-lists.ts';

/** What an ignore matcher needs beside the root. */
export interface IgnoreOptions {
  /** The user's own ignore file for all repositories (git's `core.excludesFile`, `~/.config/git/ignore`); none if absent. */
  readonly globalExcludesFile?: string;
}

const gitFolder = '.git';

/**
 * Decides what belongs to a project, for a scan as for a watcher. git's own rules hold (nested `.gitignore` files, also
 * those between the root and the top of its repository, `info/exclude`, the global file), and above them
 * `.lorekeepignore`, which can bring back what git leaves out, even below an ignored folder. Nested repositories are
 * part of the project under their own rules; further work trees of the same repository are not.
 *
 * Rules are read when a folder is first asked about and kept until `forget`. Paths are project-relative, with `/`, in
 * the form of path-name.ts.
 */
export class IgnoreMatcher {
  /** Real path of the project. */
  readonly root: string;
  readonly #folders = new Map<string, FolderRules>();
  readonly #lists: RuleLists;
  readonly #options: IgnoreOptions;

  constructor(root: string, options: IgnoreOptions = {}) {
    this.root = realpathSync(root);
    this.#options = options;
    this.#lists = new RuleLists(this.root, options.globalExcludesFile);
  }

  /**
   * Another one for the same project that has read nothing yet. What goes on for long takes one of its own: it may have
   * listed a folder before a change there that this one has been told of.
   */
  fresh(): IgnoreMatcher {
    return new IgnoreMatcher(this.root, this.#options);
  }

  /** Whether rules leave a path out. */
  ignores(path: string, isFolder: boolean): boolean {
    const bytes = byteStringOfName(path);
    if (bytes === '') return false;
    if (bytes.split('/').includes(gitFolder)) return true;
    if (isFolder) return !isIncluded(this.folder(bytes).standing);
    return !isIncluded(standingOf(this.folder(parentOf(bytes)), nameIn(bytes), false));
  }

  /** Whether a scan or watcher has to look into a folder: it is not ignored, or something below may be brought back. */
  enters(path: string): boolean {
    const bytes = byteStringOfName(path);
    return !bytes.split('/').includes(gitFolder) && this.entersFolder(this.folder(bytes));
  }

  /** `enters` for a folder whose rules are at hand. */
  entersFolder(folder: FolderRules): boolean {
    if (isIncluded(folder.standing)) return true;
    if (folder.standing === 'barred') return false;
    return mayReincludeBelow(folder.own, folder.path, folder.standing === 'ignored_by_default');
  }

  /** Forgets the rules of a folder and of all below it: to be called when a rule file there has changed. */
  forget(path: string): void {
    const bytes = byteStringOfName(path);
    // Rules of a folder are made of those of the folder above: where none are known, there are none below.
    for (const known of this.#folders.has(bytes) ? this.#folders.keys() : []) {
      if (bytes === '' || known === bytes || known.startsWith(`${bytes}/`)) this.#folders.delete(known);
    }
    for (const known of this.#lists.problems.keys()) if (known.startsWith(path)) this.#lists.problems.delete(known);
  }

  /** One sentence for each ignore file that is there and could not be used. */
  notices(): readonly string[] {
    return [...this.#lists.problems].map(([path, problem]) => `The rules in ${path} were not applied: ${problem}.`);
  }

  /** Rules in force inside a folder (byte string). `names`, its entries, save looking for rule files where known. */
  folder(path: string, names?: ReadonlySet<string>): FolderRules {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const rules = path === '' ? this.#rootRules() : this.#childRules(path, names);
    this.#folders.set(path, rules);
    return rules;
  }

  #rootRules(): FolderRules {
    const top = enclosingWorkTree(this.root);
    const scope = top === null ? null : gitScopeAt(top);
    return {
      path: '',
      standing: 'kept',
      own: this.#lists.inFolder('', ownRules),
      git: [...this.#lists.inFolder('', gitRules), ...(top === null ? [] : this.#lists.aboveRoot(top))],
      repository: this.#lists.ofRepository(scope, top ?? this.root, ''),
      commonFolder: scope?.commonFolder ?? '',
    };
  }

  #childRules(path: string, names: ReadonlySet<string> | undefined): FolderRules {
    const parent = this.folder(parentOf(path));
    const standing = standingOf(parent, nameIn(path), true);
    if (!isIncluded(standing)) return { ...parent, path, standing };
    const mayHave = (name: string): boolean => names?.has(name) ?? true;
    const base = mayHave(gitFolder) ? this.#acrossRepository(parent, path, standing) : { ...parent, path, standing };
    if (base.standing === 'kept' && this.#isMarked(path, names)) return { ...base, standing: 'ignored_by_default' };
    const own = mayHave(ownRules) ? this.#lists.inFolder(path, ownRules) : [];
    const git = mayHave(gitRules) ? this.#lists.inFolder(path, gitRules) : [];
    return {
      ...base,
      own: own.length > 0 ? [...own, ...base.own] : base.own,
      git: git.length > 0 ? [...git, ...base.git] : base.git,
    };
  }

  /** The rules of the repository around do not reach into another one. */
  #acrossRepository(parent: FolderRules, path: string, standing: Standing): FolderRules {
    const absolute = joinByteString(this.root, path);
    const scope = typeof absolute === 'string' ? gitScopeAt(absolute) : null;
    if (scope === null || typeof absolute !== 'string') return { ...parent, path, standing };
    const isCopy = scope.isLinkedWorktree && scope.commonFolder === parent.commonFolder;
    return {
      path,
      standing: isCopy && standing === 'kept' ? 'ignored_by_default' : standing,
      own: parent.own,
      git: [],
      repository: this.#lists.ofRepository(scope, absolute, path),
      commonFolder: scope.commonFolder,
    };
  }

  #isMarked(path: string, names: ReadonlySet<string> | undefined): boolean {
    return folderMarkers.some(
      ({ name }) => names?.has(name) ?? existsSync(joinByteString(this.root, `${path}/${name}`)),
    );
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

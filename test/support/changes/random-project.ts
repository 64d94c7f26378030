import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { commitFiles, git, initRepository } from '../git-project.ts';
import { addFiles, emptyRepository } from '../file-tree.ts';
import type { Random } from './random.ts';
import { randomContent, randomLines } from './random-content.ts';

const folders = ['', '', 'a', 'b', 'A', 'a/b', 'src', 'src/deep', 'src/deep/er', 'node_modules/x', 'caf\u00e9'];
const names = ['one.py', 'ONE.py', 'two.py', 'three.ts', 'notes.md', 'plain.txt', 'data.json', '.env', 'a', 'b', 'src'];
const rules = [
  '*.md',
  'a/',
  '/b',
  'src/deep/',
  '!notes.md',
  'two.py',
  'src/*',
  '!src/deep/',
  '**/er',
  '!a/',
  'node_modules',
  '!node_modules/',
];

/** A kind of change; it returns the paths that a watcher would name. A refusal of the file system may end it half way. */
type Change = (project: RandomProject, random: Random) => readonly string[];

/** A project that changes at random. What cannot be done where it stands is not done. */
export class RandomProject {
  readonly root: string;
  readonly #random: Random;
  readonly hasGit: boolean;
  /** What was done, for the report of a failure. */
  readonly log: string[] = [];

  /** In an empty folder; every few have a history with two branches. */
  constructor(root: string, random: Random) {
    this.root = root;
    this.#random = random;
    this.hasGit = random.chance(0.15);
    for (let count = 3 + random.below(8); count > 0; count--) this.#attempt('create');
    if (this.hasGit) this.#commit();
  }

  /** Does one thing. Returns the paths that it touched; '' stands for everything. */
  change(): readonly string[] {
    return this.#attempt(this.#random.pick(kinds));
  }

  #attempt(kind: string): readonly string[] {
    try {
      const paths = changes[kind]!(this, this.#random).filter((path) => path !== '');
      this.log.push(`${kind} ${paths.join(' ')}`);
      return paths;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.log.push(`${kind} was refused`);
      return [''];
    }
  }

  /** Some path, mostly of something that could be there. */
  path(): string {
    return join(this.#random.pick(folders), this.#random.pick(names));
  }

  /** Something that is there: a file or, if asked for, a folder; '' where there is none. */
  present(kind: 'file' | 'folder'): string {
    const found = this.#below('', kind);
    return found.length === 0 ? '' : this.#random.pick(found.toSorted());
  }

  /** Links are not followed, which Node's own recursive listing does. */
  #below(folder: string, kind: 'file' | 'folder'): readonly string[] {
    return fs.readdirSync(this.at(folder), { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.name === '.git') return [];
      if (entry.isDirectory()) return [...(kind === 'folder' ? [path] : []), ...this.#below(path, kind)];
      return kind === 'file' && entry.isFile() ? [path] : [];
    });
  }

  at(path: string): string {
    return join(this.root, path);
  }

  write(path: string, content: Buffer | string): void {
    fs.rmSync(this.prepared(path), { force: true });
    fs.writeFileSync(this.at(path), content);
  }

  /** Makes the folder for a path. What lies behind a link is not touched: its own path would have to be named. */
  prepared(path: string): string {
    const folder = dirname(this.at(path));
    fs.mkdirSync(folder, { recursive: true });
    if (fs.realpathSync(folder) !== folder) throw Object.assign(new Error('behind a link'), { code: 'ELOOP' });
    return this.at(path);
  }

  /** Goes to the other branch, taking its files along; everything may have changed. */
  checkout(): readonly string[] {
    if (!this.hasGit) return [];
    this.#commit();
    const other = git(this.root, ['branch', '--show-current']).trim() === 'main' ? 'other' : 'main';
    const isNew = git(this.root, ['branch', '--list', other]) === '';
    const before = git(this.root, ['rev-parse', 'HEAD']).trim();
    git(this.root, ['checkout', '-q', '-f', ...(isNew ? ['-b'] : []), other]);
    const changed = git(this.root, ['diff', '--name-only', '-z', '--no-renames', before, 'HEAD']);
    return changed.split('\0').filter(Boolean);
  }

  #commit(): void {
    if (!fs.existsSync(this.at('.git'))) initRepository(this.root);
    commitFiles(this.root, 'Some changes', {});
  }
}

/** Into a file as if it were a folder, a folder into itself, and the like. */
const refusals = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY', 'EINVAL', 'ELOOP', 'ERR_FS_EISDIR']);

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && refusals.has(String(error.code));
}

const changes: Readonly<Record<string, Change>> = {
  create: (project, random) => {
    const path = project.path();
    if (!fs.existsSync(project.at(path))) project.write(path, randomContent(random));
    return [path];
  },
  overwrite: (project, random) => {
    const path = project.present('file');
    if (path !== '') fs.writeFileSync(project.at(path), randomContent(random));
    return [path];
  },
  append: (project, random) => {
    const path = project.present('file');
    if (path !== '') fs.appendFileSync(project.at(path), randomLines(random));
    return [path];
  },
  truncate: (project, random) => {
    const path = project.present('file');
    if (path !== '') fs.truncateSync(project.at(path), random.below(60));
    return [path];
  },
  saveByRename: (project, random) => {
    const path = project.path();
    project.write(`${path}.tmp`, randomContent(random));
    fs.renameSync(project.at(`${path}.tmp`), project.at(path));
    return [`${path}.tmp`, path];
  },
  sameSizeSameTime: (project) => {
    const path = project.present('file');
    if (path === '') return [];
    const { atime, mtime } = fs.statSync(project.at(path));
    const bytes = fs.readFileSync(project.at(path));
    fs.writeFileSync(project.at(path), bytes.toString('latin1').replaceAll('return', 'retour'), 'latin1');
    fs.utimesSync(project.at(path), atime, mtime);
    return [path];
  },
  age: (project) => {
    const path = project.present('file');
    if (path !== '') fs.utimesSync(project.at(path), 1_000_000_000, 1_000_000_000);
    return [path];
  },
  renameFile: (project) => move(project, project.present('file'), project.path()),
  renameFolder: (project) => move(project, project.present('folder'), project.path().replace(/\.\w+$/, '')),
  changeCase: (project) => {
    const path = project.present('file');
    return move(project, path, join(dirname(path), path.slice(path.lastIndexOf('/') + 1).toUpperCase()));
  },
  deleteFile: (project) => remove(project, project.present('file')),
  deleteFolder: (project) => remove(project, project.present('folder')),
  fileToFolder: (project, random) => {
    const path = project.present('file');
    if (path === '') return [];
    fs.rmSync(project.at(path));
    project.write(`${path}/inner.py`, randomContent(random));
    return [path];
  },
  folderToFile: (project, random) => {
    const path = project.present('folder');
    if (path === '') return [];
    fs.rmSync(project.at(path), { recursive: true });
    project.write(path, randomContent(random));
    return [path];
  },
  folderToLink: (project) => {
    const path = project.present('folder');
    if (path === '') return [];
    const target = `moved-${project.log.length}`;
    fs.renameSync(project.at(path), project.at(target));
    fs.symlinkSync(project.at(target), project.at(path));
    return [path, target];
  },
  link: (project, random) => {
    const path = project.path();
    // Into the project, to itself, out of the project, to nothing.
    const targets = [project.at(project.present('file')), project.at(path), dirname(project.root), 'nowhere', '..'];
    fs.symlinkSync(random.pick(targets), project.prepared(path));
    return [path];
  },
  chmod: (project, random) => {
    const path = project.present('file');
    if (path !== '') fs.chmodSync(project.at(path), random.pick([0o600, 0o644, 0o755]));
    return [path];
  },
  rules: (project, random) => {
    const path = join(random.pick(folders), random.pick(['.gitignore', '.gitignore', '.lorekeepignore']));
    if (random.chance(0.3)) return remove(project, path);
    project.write(path, Array.from({ length: 1 + random.below(3) }, () => `${random.pick(rules)}\n`).join(''));
    return [path];
  },
  mark: (project, random) => {
    const path = join(random.pick(folders), 'CACHEDIR.TAG');
    if (random.chance(0.6)) return remove(project, path);
    project.write(path, 'Signature: 8a477f597d28d172789f06886806bc55\n');
    return [path];
  },
  nestedRepository: (project, random) => {
    const path = random.pick(folders.filter((folder) => folder !== ''));
    // git itself refuses to commit a repository without a commit.
    if (project.hasGit) return [];
    if (random.chance(0.4)) return remove(project, `${path}/.git`);
    project.prepared(`${path}/.git`);
    addFiles(project.root, { ...emptyRepository(path), [`${path}/.git/info/exclude`]: `${random.pick(rules)}\n` });
    return [`${path}/.git`, `${path}/.git/info/exclude`];
  },
  checkout: (project) => project.checkout(),
};

/** Plain saves are most of what happens. */
const kinds = [...Object.keys(changes), 'overwrite', 'saveByRename', 'create', 'append', 'renameFolder', 'rules'];

function move(project: RandomProject, from: string, to: string): readonly string[] {
  if (from === '' || from === to) return [];
  fs.renameSync(project.at(from), project.prepared(to));
  return [from, to];
}

function remove(project: RandomProject, path: string): readonly string[] {
  if (path !== '') fs.rmSync(project.prepared(path), { recursive: true, force: true });
  return [path];
}

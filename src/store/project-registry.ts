import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ServiceError } from '../core/errors.ts';
import { deleteIndex } from './index-folder.ts';
import { makePrivate } from './disk/private-folder.ts';
import { fingerprint, type ProjectFingerprint, sameFolder } from './project-fingerprint.ts';
import { SqliteDatabase } from './sqlite.ts';

/** A folder with an index. */
export interface Project {
  /** Unique, letter case aside. */
  readonly name: string;
  /** Absolute real path. */
  readonly root: string;
  /** Absolute path of its index data. */
  readonly indexFolder: string;
}

/** What a registry works with. */
export interface RegistryOptions {
  /** Holds all index data; made when missing. */
  readonly dataFolder: string;
  /** Names the folder of a new project's index; random, and safe as a file name. */
  readonly newId: () => string;
}

interface ProjectRow {
  readonly id: string;
  readonly name: string;
  readonly root: string;
  readonly folder: string;
  readonly git: string | null;
}

const maxNameLength = 100;
const schema = `CREATE TABLE IF NOT EXISTS project (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  root TEXT NOT NULL UNIQUE,
  folder TEXT NOT NULL,
  git TEXT
)`;

/** The projects of a data folder. Safe to use from many processes at once. */
export class ProjectRegistry {
  #database: SqliteDatabase;
  /** Why nothing can be written, null where it can: searching needs no writing, and works on a full disk, too. */
  #problem: Error | null;
  readonly #projectsFolder: string;
  readonly #newId: () => string;

  /**
   * Opens the registry, making it when missing; where it is there and cannot be written, for reading.
   * Errors: `store_failed`, `index_incompatible` when it is damaged.
   */
  constructor({ dataFolder, newId }: RegistryOptions) {
    this.#projectsFolder = join(dataFolder, 'projects');
    this.#newId = newId;
    makeFolder(this.#projectsFolder);
    const { database, problem } = open(join(dataFolder, 'projects.sqlite'));
    this.#database = database;
    this.#problem = problem;
  }

  /** All projects by name. */
  list(): readonly Project[] {
    return this.#rows().map((row) => this.#project(row));
  }

  byName(name: string): Project | null {
    const row = this.#database.get<ProjectRow>('SELECT * FROM project WHERE name = ?', name);
    return row === undefined ? null : this.#project(row);
  }

  /** The project whose folder is, or most closely contains, a folder; also when that was moved since. */
  containing(folder: string): Project | null {
    const path = realPath(folder);
    if (path === null) return null;
    const ancestors = ancestorsOf(path);
    const find = () => first(ancestors, (root) => this.#at(root)) ?? first(ancestors, (root) => this.#movedTo(root));
    const row = this.#problem === null ? this.#database.transaction(find) : find();
    return row === null ? null : this.#project(row);
  }

  /**
   * The project of a folder, new if need be. Without a name it gets the folder's, with a number when that is taken; a
   * name renames a project that is known. Errors: `request_invalid` for a bad or taken name or a missing folder.
   */
  register(folder: string, { name }: { readonly name?: string } = {}): Project {
    const root = realPath(folder);
    const print = root === null ? null : fingerprint(root);
    if (root === null || print === null)
      throw new ServiceError('request_invalid', `${folder} is not a folder that can be read.`);
    if (name !== undefined) requireUsableName(name);
    this.#requireWritable();
    return this.#database.transaction(() => {
      const known = this.#at(root) ?? this.#movedTo(root);
      if (name !== undefined) this.#requireFree(name, known?.id);
      const row = known === null ? this.#add({ root, print, name }) : this.#update(known, { print, name });
      return this.#project(row);
    });
  }

  /** Deletes a project with its index data. Errors: `not_indexed` for an unknown name, `index_busy` while it is written. */
  async remove(name: string): Promise<Project> {
    const project = this.byName(name);
    if (project === null)
      throw new ServiceError('not_indexed', `There is no project "${name}". See \`lorekeep projects\`.`);
    await deleteIndex(project.indexFolder);
    this.#requireWritable();
    this.#database.run('DELETE FROM project WHERE name = ?', project.name);
    return project;
  }

  /** Opens it once more where it could not be written: there may be room by now. */
  #requireWritable(): void {
    if (this.#problem === null) return;
    const { database, problem } = open(this.#database.path);
    this.#database.close();
    this.#database = database;
    this.#problem = problem;
    if (problem !== null) throw problem;
  }

  close(): void {
    this.#database.close();
  }

  #rows(): readonly ProjectRow[] {
    return this.#database.all<ProjectRow>('SELECT * FROM project ORDER BY name');
  }

  #at(root: string): ProjectRow | null {
    return this.#database.get<ProjectRow>('SELECT * FROM project WHERE root = ?', root) ?? null;
  }

  /** The project that was moved to a folder: its own folder is gone, and the fingerprints agree. A copy is not a move. */
  #movedTo(root: string): ProjectRow | null {
    const print = fingerprint(root);
    if (print === null) return null;
    const moved = this.#rows().find((row) => {
      if (!sameFolder(print, row)) return false;
      const still = fingerprint(row.root);
      return still === null || !sameFolder(still, row);
    });
    if (moved === undefined || this.#problem !== null) return moved === undefined ? null : { ...moved, root };
    this.#database.run(
      'UPDATE project SET root = ?, folder = ?, git = ? WHERE id = ?',
      root,
      print.folder,
      print.git,
      moved.id,
    );
    return { ...moved, root };
  }

  #add({ root, print, name }: { root: string; print: ProjectFingerprint; name: string | undefined }): ProjectRow {
    const row: ProjectRow = { id: this.#newId(), name: name ?? this.#freeName(root), root, ...print };
    const insert = 'INSERT INTO project (id, name, root, folder, git) VALUES (?, ?, ?, ?, ?)';
    this.#database.run(insert, row.id, row.name, row.root, row.folder, row.git);
    return row;
  }

  #update(
    known: ProjectRow,
    { print, name = known.name }: { print: ProjectFingerprint; name: string | undefined },
  ): ProjectRow {
    const update = 'UPDATE project SET name = ?, folder = ?, git = ? WHERE id = ?';
    this.#database.run(update, name, print.folder, print.git, known.id);
    return { ...known, name };
  }

  #requireFree(name: string, ownId: string | undefined): void {
    const holder = this.#database.get<ProjectRow>('SELECT * FROM project WHERE name = ?', name);
    if (holder === undefined || holder.id === ownId) return;
    const message = `The name "${name}" is taken by ${holder.root}. Choose another with --name.`;
    throw new ServiceError('request_invalid', message);
  }

  #freeName(root: string): string {
    const wanted = basename(root).replace(/\p{C}/gu, '_').replace(/^-+/, '').slice(0, maxNameLength) || 'root';
    const taken = new Set(this.#rows().map(({ name }) => name.toLowerCase()));
    let candidate = wanted;
    for (let number = 2; taken.has(candidate.toLowerCase()); number++) candidate = `${wanted}-${number}`;
    return candidate;
  }

  #project({ id, name, root }: ProjectRow): Project {
    return { name, root, indexFolder: join(this.#projectsFolder, id) };
  }
}

function requireUsableName(name: string): void {
  if (name !== '' && name.length <= maxNameLength && name === name.trim() && !/[/\p{C}]|^[-.]/u.test(name)) return;
  const message = `"${name}" cannot be a project's name: use up to ${maxNameLength} characters, no slash, not beginning with - or a dot.`;
  throw new ServiceError('request_invalid', message);
}

interface OpenRegistry {
  readonly database: SqliteDatabase;
  /** The error for which it is open for reading only. */
  readonly problem: Error | null;
}

function open(path: string): OpenRegistry {
  const ifDamaged = `Delete it and run \`lorekeep index\` in each project.`;
  try {
    const database = new SqliteDatabase(path, { ifDamaged });
    database.exec(schema);
    return { database, problem: null };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'store_failed' || !existsSync(path)) throw error;
    try {
      return { database: new SqliteDatabase(path, { ifDamaged, readOnly: true }), problem: error };
    } catch {
      throw error;
    }
  }
}

function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  try {
    makePrivate(folder);
  } catch (cause) {
    const message = `The data folder ${folder} could not be made. Check its permissions, or choose another with --data.`;
    throw new ServiceError('store_failed', message, { cause });
  }
}

function realPath(folder: string): string | null {
  try {
    return realpathSync(folder);
  } catch {
    return null;
  }
}

/** The folder itself first, the root of the file system last. */
function ancestorsOf(path: string): string[] {
  const paths = [path];
  for (let at = path; dirname(at) !== at; at = dirname(at)) paths.push(dirname(at));
  return paths;
}

function first<T, R>(values: readonly T[], find: (value: T) => R | null): R | null {
  for (const value of values) {
    const found = find(value);
    if (found !== null) return found;
  }
  return null;
}

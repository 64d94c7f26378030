import { realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, relative, resolve } from 'node:path';
import { ServiceError } from '../core/errors.ts';
import type { ProjectSelection, ProjectSummary } from './reports.ts';

/** What is known of projects: the registry, seen from here. */
export interface ProjectDirectory {
  list(): readonly ProjectSummary[];
  byName(name: string): ProjectSummary | null;
  /** The project whose folder is, or most closely contains, an absolute real path. */
  containing(folder: string): ProjectSummary | null;
}

/** What a selection means: projects that have an index, and folders that have none. */
export interface SelectedProjects {
  readonly projects: readonly ProjectSummary[];
  /** Absolute real paths. */
  readonly folders: readonly string[];
}

/**
 * Looks up each named project: by its name, else as a folder (a subfolder of a project means the project); the current
 * folder when none is named. `./name` is always a folder. Errors: `not_indexed` for what is neither.
 */
export function selectProjects(directory: ProjectDirectory, selection: ProjectSelection): SelectedProjects {
  const projects = new Map<string, ProjectSummary>();
  const folders = new Set<string>();
  for (const named of selection.named.length === 0 ? [selection.currentFolder] : selection.named) {
    const project = directory.byName(named);
    const folder = project === null ? realFolder(resolve(selection.currentFolder, named)) : null;
    const found = folder === null ? project : directory.containing(folder);
    if (found !== null) projects.set(found.name, found);
    else if (folder !== null) folders.add(folder);
    else throw noSuchProject(directory, named);
  }
  return { projects: [...projects.values()], folders: [...folders] };
}

/** The one project of a selection that must have an index. Errors: `not_indexed`. */
export function selectIndexed(directory: ProjectDirectory, selection: ProjectSelection): ProjectSummary {
  const { projects, folders } = selectProjects(directory, selection);
  const [project] = projects;
  if (project !== undefined) return project;
  throw new ServiceError('not_indexed', `${folders[0]} has no index. Run \`lorekeep index\` there first.`);
}

/**
 * Whether indexing a folder unasked, just since a question was put there, would surprise: the root, a home folder, or
 * a folder of projects. Null when not, else what to do instead.
 */
export function whyNotIndexUnasked(directory: ProjectDirectory, folder: string): string | null {
  const advice =
    'Name a project with --project, change to its folder, or run `lorekeep index` here to index all of it.';
  if (dirname(folder) === folder) return `${folder} is the whole file system. ${advice}`;
  if (folder === realFolder(homedir())) return `${folder} is your home folder. ${advice}`;
  const inside = directory.list().filter(({ root }) => !relative(folder, root).startsWith('..'));
  if (inside.length === 0) return null;
  return `${folder} has no index of its own, but holds ${inside.map(({ name }) => name).join(', ')}. ${advice}`;
}

/** Absolute path without links, null when it is no folder. */
function realFolder(path: string): string | null {
  try {
    return statSync(path).isDirectory() ? realpathSync(path) : null;
  } catch {
    // Missing or unreadable: either way there is nothing to search here.
    return null;
  }
}

function noSuchProject(directory: ProjectDirectory, named: string): ServiceError {
  const names = directory.list().map(({ name }) => name);
  const known = names.length === 0 ? 'No project is indexed yet' : `Indexed are: ${names.join(', ')}`;
  return new ServiceError('not_indexed', `"${named}" is neither a project nor a folder. ${known}.`);
}

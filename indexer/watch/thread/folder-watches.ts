import { type Dirent, type FSWatcher, lstatSync, readdir } from 'node:fs';
import { promisify } from 'node:util';
import { childPath, isIncluded, standingOf } from '../../walk/folder-rules.ts';
import type { IgnoreMatcher } from '../../walk/ignore-matcher.ts';
import { joinByteString, nameOfByteString } from '../../walk/path-name.ts';
import { isOutOfReach } from '../watch-failure.ts';
import { type FileTreeEvents, type OpenWatch, ruleNames, type WatchedTree } from './watched-tree.ts';

/** A folder that is watched; names and paths are byte strings. */
interface WatchedFolder {
  readonly path: string;
  readonly children: Map<string, WatchedFolder>;
  /** Null when the folder is watched no more. */
  watcher: FSWatcher | null;
}

const readFolder = promisify<string | Buffer, { encoding: 'buffer'; withFileTypes: true }, Dirent<Buffer>[]>(readdir);
/** Folders that are listed at a time. */
const listedAtATime = 8;

/**
 * Watches each folder of a project by itself, as inotify does: a watch for a folder, none for a file. Only names are
 * taken from events. A folder is named to the listener *after* its watch is open, so that whoever looks at it then finds
 * all that came before, and is told of all that comes later. Whenever a folder's name is created, removed or moved, its
 * watches are opened anew: an old one may belong to a folder that is gone.
 */
export class FolderWatches implements WatchedTree {
  readonly #matcher: IgnoreMatcher;
  readonly #events: FileTreeEvents;
  readonly #open: OpenWatch;
  #root: WatchedFolder | null = null;
  #isStarted = false;
  #isClosed = false;
  readonly #toList: WatchedFolder[] = [];
  #listing = 0;
  readonly #whenListed = Promise.withResolvers<void>();
  /** Names to be looked at, by folder; true for those that were created, removed or moved. */
  #toLook = new Map<WatchedFolder, Map<string, boolean>>();

  constructor(matcher: IgnoreMatcher, events: FileTreeEvents, open: OpenWatch) {
    this.#matcher = matcher;
    this.#events = events;
    this.#open = open;
  }

  async start(): Promise<void> {
    this.#root = this.#watch('');
    this.#listNext();
    await this.#whenListed.promise;
    this.#isStarted = true;
  }

  close(): Promise<void> {
    this.#isClosed = true;
    if (this.#root !== null) this.#end(this.#root);
    this.#toList.length = 0;
    this.#toLook.clear();
    return Promise.resolve();
  }

  /** Opens a watch and has the folder listed; null where there is nothing to be watched. */
  #watch(path: string): WatchedFolder | null {
    const folder: WatchedFolder = { path, children: new Map(), watcher: null };
    if (this.#isClosed || !this.#openOn(folder)) return null;
    if (this.#isStarted) this.#events.onHint(nameOfByteString(path));
    this.#toList.push(folder);
    this.#listNext();
    return folder;
  }

  #openOn(folder: WatchedFolder): boolean {
    try {
      const absolute = joinByteString(this.#matcher.root, folder.path);
      folder.watcher = this.#open(absolute, { encoding: 'buffer' }, (kind, name) =>
        this.#take(folder, name === null ? null : name.toString('latin1'), kind === 'rename'),
      );
      folder.watcher.on('error', (error) => this.#events.onFailure(error));
      return true;
    } catch (error) {
      if (folder.path === '' || !isOutOfReach(error)) this.#events.onFailure(error);
      return false;
    }
  }

  #end(folder: WatchedFolder): void {
    folder.watcher?.close();
    folder.watcher = null;
    for (const child of folder.children.values()) this.#end(child);
    folder.children.clear();
  }

  #leave(folder: WatchedFolder, name: string): void {
    const child = folder.children.get(name);
    if (child === undefined) return;
    folder.children.delete(name);
    this.#end(child);
    this.#matcher.forget(nameOfByteString(child.path));
  }

  #enter(folder: WatchedFolder, name: string): void {
    const child = this.#watch(pathIn(folder, name));
    if (child !== null) folder.children.set(name, child);
  }

  #listNext(): void {
    while (this.#listing < listedAtATime && this.#toList.length > 0) {
      const folder = this.#toList.pop()!;
      this.#listing++;
      void this.#list(folder)
        .catch((error: unknown) => this.#events.onFailure(error))
        .finally(() => {
          this.#listing--;
          this.#listNext();
        });
    }
    if (this.#listing === 0) this.#whenListed.resolve();
  }

  /** Watches the folders in a folder that are to be watched. */
  async #list(folder: WatchedFolder): Promise<void> {
    const absolute = joinByteString(this.#matcher.root, folder.path);
    let entries: Dirent<Buffer>[];
    try {
      entries = await readFolder(absolute, { encoding: 'buffer', withFileTypes: true });
    } catch (error) {
      if (isOutOfReach(error)) return;
      throw error;
    }
    if (folder.watcher === null) return;
    const names = new Set(entries.map(({ name }) => name.toString('latin1')));
    const rules = this.#matcher.folder(folder.path, names);
    if (names.has('.git')) this.#events.onRepository(folder.path, false);
    if (!this.#matcher.entersFolder(rules)) return;
    for (const name of foldersOf(entries)) {
      // Events may have named it while the listing went on.
      if (!folder.children.has(name) && this.#isWanted(folder, name)) this.#enter(folder, name);
    }
  }

  /** Whether rules want a folder in a folder to be watched. */
  #isWanted(folder: WatchedFolder, name: string): boolean {
    if (name === '.git') return false;
    const rules = this.#matcher.folder(folder.path);
    return (
      isIncluded(standingOf(rules, name, true)) ||
      this.#matcher.entersFolder(this.#matcher.folder(childPath(rules, name)))
    );
  }

  /**
   * An event of a folder's watch. When the folder itself is removed, moved or changed, its watch names it as if it were an
   * entry; since there may be one of that name, it is treated as such.
   */
  #take(folder: WatchedFolder, name: string | null, isMove: boolean): void {
    this.#events.onEvent();
    if (folder.watcher === null) return;
    if (name === null) {
      this.#events.onLost();
      return;
    }
    if (name === '.git') {
      if (isMove) this.#events.onRepository(folder.path, true);
      return;
    }
    this.#lookLater(folder, name, isMove);
    if (ruleNames.has(name)) this.#events.onRules();
    const rules = this.#matcher.folder(folder.path);
    const isPart = folder.children.has(name) || [true, false].some((is) => isIncluded(standingOf(rules, name, is)));
    if (isPart) this.#events.onHint(nameOfByteString(childPath(rules, name)));
  }

  /** What events name is looked at when all that wait are read: a folder that was moved is left before it is entered. */
  #lookLater(folder: WatchedFolder, name: string, isMove: boolean): void {
    if (this.#toLook.size === 0) setImmediate(() => this.#look());
    let names = this.#toLook.get(folder);
    if (names === undefined) this.#toLook.set(folder, (names = new Map()));
    names.set(name, isMove || names.get(name) === true);
  }

  #look(): void {
    const all = [...this.#toLook];
    this.#toLook = new Map();
    for (const [folder, names] of all) {
      for (const [name, isMove] of names) if (isMove) this.#leave(folder, name);
    }
    for (const [folder, names] of all) {
      for (const name of names.keys()) if (folder.watcher !== null) this.#lookAt(folder, name);
    }
  }

  #lookAt(folder: WatchedFolder, name: string): void {
    if (!this.#isFolder(pathIn(folder, name)) || !this.#isWanted(folder, name)) this.#leave(folder, name);
    else if (!folder.children.has(name)) this.#enter(folder, name);
  }

  #isFolder(path: string): boolean {
    try {
      return lstatSync(joinByteString(this.#matcher.root, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
    } catch {
      // A name whose folder has gone meanwhile, or one that nobody may look at.
      return false;
    }
  }
}

function pathIn(folder: WatchedFolder, name: string): string {
  return folder.path === '' ? name : `${folder.path}/${name}`;
}

function foldersOf(entries: readonly Dirent<Buffer>[]): string[] {
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name.toString('latin1'));
}

import type { Stats } from 'node:fs';
import { basename, relative, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { IgnoreMatcher } from '../../walk/ignore-matcher.ts';
import { byteStringOfName, pathNameOf } from '../../walk/path-name.ts';
import { type FileTreeEvents, ruleNames, type WatchedTree } from './watched-tree.ts';

/**
 * Watches a project through chokidar, which knows the recursive watches of macOS and Windows. Names there are always
 * Unicode; on Linux it would lose those that are not.
 */
export class ChokidarTree implements WatchedTree {
  readonly #matcher: IgnoreMatcher;
  readonly #events: FileTreeEvents;
  readonly #whenReady = Promise.withResolvers<void>();
  #watcher: FSWatcher | null = null;

  constructor(matcher: IgnoreMatcher, events: FileTreeEvents) {
    this.#matcher = matcher;
    this.#events = events;
  }

  async start(): Promise<void> {
    const watcher = watch(this.#matcher.root, {
      followSymlinks: false,
      ignoreInitial: true,
      ignorePermissionErrors: true,
      atomic: false,
      ignored: (path, stats) => this.#ignores(path, stats),
    });
    this.#watcher = watcher;
    watcher.on('ready', () => this.#whenReady.resolve());
    watcher.on('raw', () => this.#events.onEvent());
    watcher.on('all', (_, path) => this.#take(path));
    watcher.on('error', (error) => this.#events.onFailure(error));
    await this.#whenReady.promise;
  }

  async close(): Promise<void> {
    this.#whenReady.resolve();
    await this.#watcher?.close();
  }

  #ignores(path: string, stats: Stats | undefined): boolean {
    const name = this.#nameOf(path);
    if (name === '') return false;
    if (basename(path) === '.git') {
      this.#events.onRepository(folderOf(byteStringOfName(name)), false);
      return true;
    }
    if (stats === undefined) return name.split('/').includes('.git');
    return stats.isDirectory() ? !this.#matcher.enters(name) : this.#matcher.ignores(name, false);
  }

  #take(path: string): void {
    const name = this.#nameOf(path);
    if (ruleNames.has(basename(path))) this.#events.onRules();
    if (name === '') this.#events.onLost();
    else this.#events.onHint(name);
  }

  #nameOf(path: string): string {
    return pathNameOf(Buffer.from(relative(this.#matcher.root, path).replaceAll(sep, '/')));
  }
}

/** The folder of a path, '' for the root. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

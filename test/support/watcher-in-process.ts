import { type FSWatcher, watch } from 'node:fs';
import { MessageChannel } from 'node:worker_threads';
import { ProjectWatcher } from '../../indexer/watch/thread/project-watcher.ts';
import type { OpenWatch } from '../../indexer/watch/thread/watched-tree.ts';
import { takenMessage, type WatchMessage } from '../../indexer/watch/watch-message.ts';
import { Told } from './told.ts';

/** A watcher that runs in the test's own thread: its watches can be counted and made to fail, and its loop held up. */
export class WatcherInProcess {
  readonly messages: WatchMessage[] = [];
  /** Absolute paths of the folders that are watched now. */
  readonly watched: string[] = [];
  readonly #root: string;
  readonly #channel = new MessageChannel();
  readonly #told = new Told();
  readonly #watcher: ProjectWatcher;

  /** `failAt` gives the error that opening a watch on a folder fails with, null for none. */
  constructor(root: string, failAt: (path: string, open: number) => Error | null = () => null) {
    this.#root = root;
    const { port1, port2 } = this.#channel;
    port2.on('message', (message: WatchMessage) => {
      this.messages.push(message);
      if (message.kind === 'paths') port2.postMessage(takenMessage);
      this.#told.wake();
    });
    const open = ((path: string | Buffer, ...rest: never[]): FSWatcher => {
      const shown = String(path);
      const error = failAt(shown, this.watched.length);
      if (error !== null) throw error;
      const watcher = (watch as (...all: unknown[]) => FSWatcher)(path, ...rest);
      this.watched.push(shown);
      watcher.once('close', () => {
        this.watched.splice(this.watched.indexOf(shown), 1);
        this.#told.wake();
      });
      return watcher;
    }) as OpenWatch;
    this.#watcher = new ProjectWatcher(port1, { root, backend: 'folders' }, open);
  }

  async start(): Promise<this> {
    await this.#watcher.start();
    return this;
  }

  /** Folders that are watched, below the root; '' for the root. */
  get folders(): readonly string[] {
    return [...new Set(this.watched.map((path) => path.slice(this.#root.length + 1)))].toSorted();
  }

  get paths(): readonly string[] {
    return this.messages.flatMap((message) => (message.kind === 'paths' ? message.paths : []));
  }

  /** Resolves when something holds. */
  async until(what: string, holds: () => boolean): Promise<void> {
    await this.#told.until(what, holds, () => JSON.stringify({ messages: this.messages, watched: this.watched }));
  }

  async untilTold(part: Partial<Record<'kind' | 'doubt', string>>): Promise<void> {
    const fits = (message: object): boolean =>
      Object.entries(part).every(([key, value]) => Reflect.get(message, key) === value);
    await this.until(JSON.stringify(part), () => this.messages.some(fits));
  }

  async close(): Promise<void> {
    this.#watcher.close();
    await this.until('all watches are closed', () => this.watched.length === 0);
    this.#channel.port1.close();
  }
}

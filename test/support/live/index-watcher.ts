import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { WatchEvent } from '../../../src/verbs/watch/watch-events.ts';
import type { Sandbox } from '../cli-process.ts';

type Listener = (event: WatchEvent) => void;

/** A running `lorekeep watch` of one project, for as many events as there may be: none is kept. */
export class IndexWatcher implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #listeners = new Set<Listener>();
  readonly #ended: Promise<void>;
  readonly #failed = Promise.withResolvers<never>();
  #pendingFiles = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    let stderr = '';
    child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
    this.#failed.promise.catch(() => undefined);
    this.#ended = once(child, 'close').then(([status]) => {
      this.#failed.reject(new Error(`lorekeep watch ended with ${status}: ${stderr}`));
    });
    createInterface({ input: child.stdout! }).on('line', (line) => this.#tell(JSON.parse(line) as WatchEvent));
  }

  /** Starts it; resolves when all files have been compared with the index and changes are seen as they happen. */
  static async start(sandbox: Pick<Sandbox, 'start'>, folder: string): Promise<IndexWatcher> {
    const watcher = new IndexWatcher(sandbox.start(folder, ['watch', '--json']));
    await watcher.until(
      ({ type, ...event }) =>
        type === 'state' && 'live' in event && event.live?.mode === 'events' && event.live.checkedAt !== null,
    );
    return watcher;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Files that it knows to have changed and has not recorded. */
  get pendingFiles(): number {
    return this.#pendingFiles;
  }

  /** Tells a listener of each event; returns what stops it. */
  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The next event for which a test holds. Rejects when the process ends first. */
  async until(test: (event: WatchEvent) => boolean): Promise<WatchEvent> {
    const found = Promise.withResolvers<WatchEvent>();
    const stop = this.on((event) => {
      if (test(event)) found.resolve(event);
    });
    try {
      return await Promise.race([found.promise, this.#failed.promise]);
    } finally {
      stop();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
  }

  #tell(event: WatchEvent): void {
    if (event.type === 'state') this.#pendingFiles = event.live?.pendingFiles ?? 0;
    for (const listener of this.#listeners) listener(event);
  }
}

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { WatchEvent } from '../../src/verbs/watch/watch-events.ts';
import type { Sandbox } from './cli-process.ts';

/** A running `lorekeep watch --json`. */
export interface WatchProcess extends AsyncDisposable {
  readonly process: ChildProcess;
  /** The next event, of those that nobody has waited past, for which a test holds. Rejects when the process ends first. */
  event(test: (event: WatchEvent) => boolean): Promise<WatchEvent>;
  /** Resolves when all files have been compared with the index and later changes are seen as they happen. */
  compared(): Promise<WatchEvent>;
  /** Resolves when the change of this path, the only one, can be searched. */
  changed(path: string): Promise<WatchEvent>;
  /** Ends it with a signal; resolves with its status, null when the signal killed it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts it in a folder; it ends with the scope of `await using`. */
export function startWatch(sandbox: Pick<Sandbox, 'start'>, folder: string, ...words: readonly string[]): WatchProcess {
  const child = sandbox.start(folder, ['watch', '--json', ...words]);
  const ended = once(child, 'close').then(([status]) => status as number | null);
  const events: WatchEvent[] = [];
  const watching = Promise.withResolvers<void>();
  let stderr = '';
  let look: () => void = () => undefined;
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const told = JSON.parse(line) as WatchEvent;
    if (told.type === 'state' && told.live?.mode === 'events') watching.resolve();
    events.push(told);
    look();
  });
  const event: WatchProcess['event'] = (test) =>
    new Promise((resolve, reject) => {
      look = () => {
        const at = events.findIndex(test);
        if (at < 0) return;
        resolve(events[at]!);
        events.splice(0, at + 1);
      };
      look();
      void ended.then((status) => reject(new Error(`lorekeep watch ended with ${status}: ${stderr}`)));
    });
  return {
    process: child,
    event,
    async compared() {
      const compared = await event(({ type }) => type === 'compared');
      await watching.promise;
      return compared;
    },
    // On a slow machine a comparison may be faster than the watcher.
    changed: (path) =>
      event(
        (one) =>
          (one.type === 'changed' && one.paths.includes(path)) ||
          (one.type === 'compared' && one.added + one.changed + one.removed > 0),
      ),
    end(signal) {
      child.kill(signal);
      return ended;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

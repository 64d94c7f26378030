import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { enclosingWorkTree, foldersAbove } from '../../walk/git-scope.ts';
import { IgnoreMatcher } from '../../walk/ignore-matcher.ts';
import { joinByteString } from '../../walk/path-name.ts';
import { gitRules } from '../../walk/rule-lists.ts';
import { ChokidarTree } from './chokidar-tree.ts';
import { FloodMeter } from './flood-meter.ts';
import { FolderWatches } from './folder-watches.ts';
import { GitWatches } from './git-watches.ts';
import { HintQueue } from './hint-queue.ts';
import { OutsideRules } from './outside-rules.ts';
import { systemClock } from '../watch-clock.ts';
import { watchFailureOf } from '../watch-failure.ts';
import type { WatchMessage, WatchSetup } from '../watch-message.ts';
import type { FileTreeEvents, OpenWatch, WatchedTree } from './watched-tree.ts';

const lookAtRootEveryMs = 2000;
/** Rules that change together are told of once. */
const rulesTogetherMs = 100;
/** Length of the kernel's queue of events where it does not say. */
const usualQueueLength = 16_384;

/** Watches one project and tells a thread's port. */
export class ProjectWatcher {
  readonly #setup: WatchSetup;
  readonly #port: MessagePort;
  readonly #tree: WatchedTree;
  readonly #hints: HintQueue;
  readonly #flood: FloodMeter;
  readonly #git: GitWatches;
  readonly #outside: OutsideRules;
  readonly #changedRules = new Set<string>();
  #lastHintAt = Number.NEGATIVE_INFINITY;
  #hasFailed = false;

  /** `open` opens one watch. Throws where the root cannot be read. */
  constructor(port: MessagePort, setup: WatchSetup, open: OpenWatch) {
    this.#port = port;
    this.#setup = setup;
    const onFailure = (error: unknown): void => this.#fail(error);
    this.#hints = new HintQueue(
      { onPaths: (paths) => this.#tell({ kind: 'paths', paths }), onOverflow: () => this.#flood.lost() },
      systemClock,
    );
    this.#flood = new FloodMeter(eventsInDoubt(), systemClock, () => this.#tell({ kind: 'doubt', doubt: 'flood' }));
    this.#outside = new OutsideRules((folder) => this.#rulesChanged(folder));
    this.#git = new GitWatches(
      {
        open,
        clock: systemClock,
        lastHintAt: () => this.#lastHintAt,
        onEnd: () => this.#tell({ kind: 'doubt', doubt: 'git' }),
        onFailure,
      },
      (top, { commonFolder }) => this.#outside.add(join(commonFolder, 'info/exclude'), this.#inProject(top)),
    );
    const { root, globalExcludesFile } = setup;
    const matcher = new IgnoreMatcher(root, globalExcludesFile === undefined ? {} : { globalExcludesFile });
    const events: FileTreeEvents = {
      onHint: (path) => this.#hint(path),
      onEvent: () => this.#flood.note(),
      onLost: () => this.#flood.lost(),
      onRules: (folder) => this.#rulesChanged(folder),
      onRepository: (folder, isNew) => this.#repository(folder, isNew),
      onFailure,
    };
    this.#tree =
      setup.backend === 'chokidar' ? new ChokidarTree(matcher, events) : new FolderWatches(matcher, events, open);
  }

  async start(): Promise<void> {
    this.#port.on('message', () => this.#hints.taken());
    this.#watchAbove();
    const { ino, dev } = statSync(this.#setup.root);
    await this.#tree.start();
    if (this.#hasFailed) return;
    setInterval(() => this.#lookAtRoot(ino, dev), lookAtRootEveryMs).unref();
    this.#tell({ kind: 'ready' });
  }

  /** What lies outside the project and yet decides about it. */
  #watchAbove(): void {
    const { root, globalExcludesFile } = this.#setup;
    if (globalExcludesFile !== undefined) this.#outside.add(globalExcludesFile, '');
    const top = enclosingWorkTree(root);
    if (top === null) return;
    for (const folder of foldersAbove(root, top)) this.#outside.add(join(folder, gitRules), '');
    this.#git.look(top, false);
  }

  #hint(path: string): void {
    this.#lastHintAt = systemClock.now();
    this.#hints.add(path);
  }

  #repository(folder: string, isNew: boolean): void {
    const absolute = joinByteString(this.#setup.root, folder);
    if (typeof absolute === 'string') this.#git.look(absolute, isNew);
    if (isNew) this.#rulesChanged(folder);
  }

  #rulesChanged(folder: string): void {
    if (this.#changedRules.size === 0) systemClock.after(rulesTogetherMs, () => this.#renewRules());
    this.#changedRules.add(folder);
  }

  #renewRules(): void {
    const folders = [...this.#changedRules];
    this.#changedRules.clear();
    if (this.#hasFailed) return;
    for (const folder of folders) this.#tree.renew(folder);
    this.#tell({ kind: 'doubt', doubt: 'rules' });
  }

  /** The folder of the project (byte string) at an absolute path; the root for one above. */
  #inProject(absolute: string): string {
    const { root } = this.#setup;
    const inside = absolute.startsWith(`${root}/`) ? absolute.slice(root.length + 1) : '';
    return Buffer.from(inside).toString('latin1');
  }

  /** A folder above the root may have been moved or replaced, of which no event tells. */
  #lookAtRoot(ino: number, dev: number): void {
    try {
      const now = statSync(this.#setup.root);
      if (now.ino !== ino || now.dev !== dev) this.#fail(Object.assign(new Error('replaced'), { code: 'replaced' }));
    } catch (error) {
      this.#fail(error);
    }
  }

  #tell(message: WatchMessage): void {
    if (!this.#hasFailed) this.#port.postMessage(message);
  }

  /** All watches are given back: others may need them. */
  #fail(error: unknown): void {
    if (this.#hasFailed) return;
    this.#tell({ kind: 'failed', ...watchFailureOf(this.#setup.root, error) });
    this.#hasFailed = true;
    this.#hints.close();
    this.#flood.close();
    this.#git.close();
    this.#outside.close();
    void this.#tree.close();
  }
}

/** Half of what the kernel keeps: events of folders that are gone count there and not here. */
function eventsInDoubt(): number {
  try {
    return Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8')) / 2;
  } catch {
    return usualQueueLength / 2;
  }
}

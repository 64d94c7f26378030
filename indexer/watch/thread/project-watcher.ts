import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { enclosingWorkTree, foldersAbove, type GitScope } from '../../walk/git-scope.ts';
import { IgnoreMatcher } from '../../walk/ignore-matcher.ts';
import { joinByteString } from '../../walk/path-name.ts';
import { gitRules } from '../../walk/rule-lists.ts';
import { systemClock } from '../watch-clock.ts';
import { watchFailureOf } from '../watch-failure.ts';
import type { Doubt } from '../watch-listener.ts';
import type { WatchMessage, WatchSetup } from '../watch-message.ts';
import { ChokidarTree } from './chokidar-tree.ts';
import { FloodMeter } from './flood-meter.ts';
import { FolderWatches } from './folder-watches.ts';
import { GitWatches } from './git-watches.ts';
import { HintQueue } from './hint-queue.ts';
import { OutsideRules } from './outside-rules.ts';
import type { FileTreeEvents, OpenWatch, WatchedTree } from './watched-tree.ts';

const lookAtRootEveryMs = 1000;
/** Rules that change together are told of once. */
const rulesTogetherMs = 100;
/** Length of the kernel's queue of events where it does not say. */
const usualQueueLength = 16_384;

/** Watches one project and tells a thread's port. */
export class ProjectWatcher {
  readonly #setup: WatchSetup;
  readonly #port: MessagePort;
  readonly #open: OpenWatch;
  readonly #events: FileTreeEvents;
  readonly #hints: HintQueue;
  readonly #flood: FloodMeter;
  readonly #git: GitWatches;
  readonly #outside: OutsideRules;
  #tree: WatchedTree | null = null;
  #isOpening = true;
  /** Told when the watches that are being opened are open. */
  readonly #doubts = new Set<Doubt>();
  #cancelRules: (() => void) | null = null;
  #rootTimer: NodeJS.Timeout | null = null;
  #lastHintAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  /** `open` opens one watch. */
  constructor(port: MessagePort, setup: WatchSetup, open: OpenWatch) {
    this.#port = port;
    this.#setup = setup;
    this.#open = open;
    const onFailure = (error: unknown): void => this.#fail(error);
    this.#hints = new HintQueue(
      { onPaths: (paths) => this.#tell({ kind: 'paths', paths }), onOverflow: () => this.#flood.lost() },
      systemClock,
    );
    this.#flood = new FloodMeter(eventsInDoubt(), systemClock, () => this.#openAnew('flood'));
    this.#outside = new OutsideRules(() => this.#rulesChanged());
    this.#git = new GitWatches(
      {
        open,
        clock: systemClock,
        lastHintAt: () => this.#lastHintAt,
        onEnd: () => this.#tell({ kind: 'doubt', doubt: 'git' }),
        onFailure,
      },
      (scope) => this.#scopeFound(scope),
    );
    this.#events = {
      onHint: (path) => this.#hint(path),
      onEvent: () => this.#flood.note(),
      onLost: () => this.#flood.lost(),
      onRules: () => this.#rulesChanged(),
      onRepository: (folder, isNew) => this.#repository(folder, isNew),
      onFailure,
    };
  }

  /** Begins; the port is told when every change is noticed. Rejects where the root cannot be read. */
  async start(): Promise<void> {
    this.#port.on('message', () => this.#hints.taken());
    const identity = identityOf(this.#setup.root);
    this.#watchAbove();
    await this.#openTree();
    if (this.#isClosed) return;
    this.#rootTimer = setInterval(() => this.#lookAtRoot(identity), lookAtRootEveryMs).unref();
    this.#tell({ kind: 'ready' });
  }

  /** Gives back all watches and tells nothing any more. */
  close(): void {
    this.#isClosed = true;
    if (this.#rootTimer !== null) clearInterval(this.#rootTimer);
    this.#cancelRules?.();
    this.#hints.close();
    this.#flood.close();
    this.#git.close();
    this.#outside.close();
    void this.#tree?.close();
  }

  /** What lies outside the project and yet decides about it. */
  #watchAbove(): void {
    const { root, globalExcludesFile } = this.#setup;
    if (globalExcludesFile !== undefined) this.#outside.add(globalExcludesFile);
    const top = enclosingWorkTree(root);
    if (top === null) return;
    for (const folder of foldersAbove(root, top)) this.#outside.add(join(folder, gitRules));
    this.#git.look(top, false);
  }

  /** Opens a tree of watches in place of the last one, which goes on until then, and tells what was in doubt. */
  async #openTree(): Promise<void> {
    this.#isOpening = true;
    do {
      const doubts = [...this.#doubts];
      this.#doubts.clear();
      const last = this.#tree;
      this.#tree = this.#newTree();
      await this.#tree.start();
      void last?.close();
      for (const doubt of doubts) this.#tell({ kind: 'doubt', doubt });
    } while (this.#doubts.size > 0 && !this.#isClosed);
    this.#isOpening = false;
  }

  #newTree(): WatchedTree {
    const { root, globalExcludesFile, backend } = this.#setup;
    const matcher = new IgnoreMatcher(root, globalExcludesFile === undefined ? {} : { globalExcludesFile });
    return backend === 'chokidar'
      ? new ChokidarTree(matcher, this.#events)
      : new FolderWatches(matcher, this.#events, this.#open);
  }

  /** Which folders are to be watched, or whether the watches are still of these folders, is not known any more. */
  #openAnew(doubt: Doubt): void {
    if (this.#isClosed) return;
    this.#doubts.add(doubt);
    if (!this.#isOpening) this.#openTree().catch((error: unknown) => this.#fail(error));
  }

  #hint(path: string): void {
    this.#lastHintAt = systemClock.now();
    this.#hints.add(path);
  }

  #repository(folder: string, isNew: boolean): void {
    const absolute = joinByteString(this.#setup.root, folder);
    if (typeof absolute === 'string') this.#git.look(absolute, isNew);
    if (isNew) this.#rulesChanged();
  }

  #scopeFound({ commonFolder }: GitScope): void {
    this.#outside.add(join(commonFolder, 'info/exclude'));
    // One that has just come: what git did before it was watched is in doubt, as are its rules.
    if (!this.#isOpening) this.#rulesChanged();
  }

  #rulesChanged(): void {
    this.#cancelRules ??= systemClock.after(rulesTogetherMs, () => {
      this.#cancelRules = null;
      this.#openAnew('rules');
    });
  }

  /** The root, or a folder above it, may have been moved or replaced; not every event that says so reaches us. */
  #lookAtRoot(identity: string): void {
    try {
      if (identityOf(this.#setup.root) === identity) return;
      this.#fail(Object.assign(new Error('The folder was replaced.'), { code: 'replaced' }));
    } catch (error) {
      this.#fail(error);
    }
  }

  #tell(message: WatchMessage): void {
    if (!this.#isClosed) this.#port.postMessage(message);
  }

  /** All watches are given back: others may need them. */
  #fail(error: unknown): void {
    this.#tell({ kind: 'failed', ...watchFailureOf(this.#setup.root, error) });
    this.close();
  }
}

/** What tells a folder from another one that takes its name: numbers of inodes are given again, times of birth are not. */
function identityOf(folder: string): string {
  const { dev, ino, birthtimeNs } = statSync(folder, { bigint: true });
  return `${dev} ${ino} ${birthtimeNs}`;
}

/** Half of what the kernel keeps: events of folders that are gone count there and not here. */
function eventsInDoubt(): number {
  try {
    return Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8')) / 2;
  } catch {
    return usualQueueLength / 2;
  }
}

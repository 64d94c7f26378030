import { watchProject, type ProjectWatch, type WatchOptions } from '../../indexer/watch/watch-project.ts';
import type { Doubt } from '../../indexer/watch/watch-listener.ts';
import { FileMirror } from './file-mirror.ts';

/** How long something may take that is to be told. */
const deadlineMs = 30_000;

/** A watched project with what it told, and a mirror that acts on it as an index does. */
export class TestWatch {
  readonly root: string;
  readonly mirror: FileMirror;
  readonly pieces: (readonly string[])[] = [];
  readonly doubts: Doubt[] = [];
  readonly modes: { readonly mode: string; readonly reason: string | null }[] = [];
  readonly #waiting = new Set<() => void>();
  #watch: ProjectWatch | null = null;

  constructor(root: string, accepts?: (path: string) => boolean) {
    this.root = root;
    this.mirror = new FileMirror(root, accepts ?? ((path) => !path.split('/').includes('.git')));
  }

  async open(options: WatchOptions & { readonly globalExcludesFile?: string } = {}): Promise<this> {
    const { globalExcludesFile, ...rest } = options;
    const project = { root: this.root, ...(globalExcludesFile !== undefined && { globalExcludesFile }) };
    this.#watch = await watchProject(project, rest, {
      onPaths: (paths) => {
        this.pieces.push(paths);
        for (const path of paths) this.mirror.refresh(path);
        this.#wake();
      },
      onDoubt: (doubt) => {
        this.doubts.push(doubt);
        this.mirror.refresh('');
        this.#wake();
      },
      onMode: (mode, reason) => {
        this.modes.push({ mode, reason });
        this.#wake();
      },
    });
    this.mirror.refresh('');
    return this;
  }

  get paths(): readonly string[] {
    return this.pieces.flat();
  }

  /** Forgets what was told. */
  clear(): void {
    this.pieces.length = 0;
    this.doubts.length = 0;
  }

  /** Resolves when something holds, looked at each time something is told; rejects at the deadline. */
  async until(what: string, holds: () => boolean): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        const told = JSON.stringify({ paths: this.paths.slice(-20), doubts: this.doubts, modes: this.modes });
        reject(new Error(`Not in time: ${what}. Told: ${told}. Differences: ${this.mirror.differences().join(', ')}`));
      }, deadlineMs);
      this.#waiting.add(look);
    });
  }

  /** Resolves when the mirror is as the disk is. */
  async untilSame(): Promise<void> {
    await this.until('the mirror equals the disk', () => this.mirror.differences().length === 0);
  }

  async close(): Promise<void> {
    await this.#watch?.close();
    this.#watch = null;
  }

  #wake(): void {
    for (const look of this.#waiting) look();
  }
}

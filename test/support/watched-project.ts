import { watchProject, type ProjectWatch, type WatchOptions } from '../../indexer/watch/watch-project.ts';
import type { Doubt } from '../../indexer/watch/watch-listener.ts';
import { FileMirror } from './file-mirror.ts';
import { Told } from './told.ts';

/** A watched project with what it told, and a mirror that acts on it as an index does. */
export class TestWatch {
  readonly root: string;
  readonly mirror: FileMirror;
  readonly pieces: (readonly string[])[] = [];
  readonly doubts: Doubt[] = [];
  readonly modes: { readonly mode: string; readonly reason: string | null }[] = [];
  readonly #told = new Told();
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
        this.#told.wake();
      },
      onDoubt: (doubt) => {
        this.doubts.push(doubt);
        this.mirror.refresh('');
        this.#told.wake();
      },
      onMode: (mode, reason) => {
        this.modes.push({ mode, reason });
        this.#told.wake();
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
    await this.#told.until(what, holds, () => {
      const told = JSON.stringify({ paths: this.paths.slice(-20), doubts: this.doubts, modes: this.modes });
      return `${told}, differences: ${this.mirror.differences().join(', ')}`;
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
}

import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveChunkOptions } from '../../indexer/chunk/chunk-options.ts';
import { LiveIndex } from '../../indexer/live/live-index.ts';
import type { ParseJob, ParseReply } from '../../indexer/parse/parse-job.ts';
import { ParsePool } from '../../indexer/parse/parse-pool.ts';
import type { IndexOptions } from '../../indexer/run/index-parts.ts';
import { createIgnoreMatcher } from '../../indexer/walk/walk.ts';
import type { Embedder } from '../../src/core/embedding.ts';
import { memoryIndex, type TestIndex } from './changes/open-index.ts';
import { addFiles } from './file-tree.ts';

/** Something that can be held up. */
export interface Gate {
  /** Resolves when somebody has come to it. */
  readonly reached: Promise<void>;
  open(): void;
}

/** Parser threads that many tests share. A reply can be held up, as if its thread were slow. */
export class SharedParsers extends ParsePool {
  readonly #held = new Map<string, { come(): void; readonly opened: Promise<void> }>();

  constructor() {
    super({
      chunkOptions: resolveChunkOptions({}),
      threads: 1,
      quarantined: new Set(),
      onQuarantine: () => undefined,
    });
  }

  /** Holds up what is made of a file, which has been read by then: for a refresh, or for a comparison of all files. */
  hold(path: string, isUrgent = false): Gate {
    const come = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    this.#held.set(keyOf(path, isUrgent), { come: come.resolve, opened: opened.promise });
    return { reached: come.promise, open: opened.resolve };
  }

  override async parse(job: ParseJob, isUrgent = false): Promise<ParseReply> {
    const reply = await super.parse(job, isUrgent);
    const held = this.#held.get(keyOf(job.path, isUrgent));
    if (held === undefined) return reply;
    this.#held.delete(keyOf(job.path, isUrgent));
    held.come();
    await held.opened;
    return reply;
  }
}

function keyOf(path: string, isUrgent: boolean): string {
  return `${isUrgent} ${path}`;
}

/** A project in a temporary folder with a live index over a store in memory. */
export class LiveHarness {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'lorekeep-live-')));
  readonly root = join(this.#folder, 'project');
  readonly index: TestIndex;
  readonly live: LiveIndex;

  private constructor(index: (folder: string) => TestIndex, live: (root: string, index: TestIndex) => LiveIndex) {
    mkdirSync(this.root);
    this.index = index(join(this.#folder, 'index'));
    this.live = live(this.root, this.index);
  }

  static create(options: Partial<IndexOptions>, embedder: Embedder | null = null): LiveHarness {
    return new LiveHarness(memoryIndex, (root, { catalogue, store }) => {
      const parts = { matcher: createIgnoreMatcher(root), catalogue, store, embedder };
      return new LiveIndex(parts, { now: () => new Date(), ...options });
    });
  }

  /** Writes files, long ago as far as their times tell if `isOld`. */
  write(files: Readonly<Record<string, string>>, isOld = false): void {
    addFiles(this.root, files);
    if (isOld) for (const path of Object.keys(files)) utimesSync(this.at(path), 1_000_000_000, 1_000_000_000);
  }

  at(path: string): string {
    return join(this.root, path);
  }

  /** Paths that are served, sorted. */
  served(): readonly string[] {
    return this.index.catalogue.reader.paths().map(({ path }) => path);
  }

  /** Text of a file as the index serves it, from the journal or the store. */
  async text(path: string): Promise<string | null> {
    const record = this.index.catalogue.reader.file(path);
    if (record === null) return null;
    const pending = this.index.catalogue.writer.nextBatch(100_000)?.records ?? [];
    const stored = await this.index.store.read(Array.from({ length: 1000 }, (_, at) => at + 1));
    const chunks = [...stored, ...pending].filter((chunk) => chunk.file === record.file);
    return chunks
      .filter(({ generation }) => generation === record.generation)
      .map(({ text }) => text)
      .join('');
  }

  async close(): Promise<void> {
    await this.live.close();
    await this.index.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

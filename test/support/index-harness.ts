import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { IndexOptions } from '../../indexer/run/index-parts.ts';
import { indexProject } from '../../indexer/run/index-project.ts';
import type { IndexReport } from '../../indexer/run/index-report.ts';
import { createIgnoreMatcher } from '../../indexer/walk/walk.ts';
import type { CatalogueReader } from '../../src/core/catalogue.ts';
import type { Embedder } from '../../src/core/embedding.ts';
import type { VectorStore } from '../../src/core/vector-store.ts';
import { openIndexForWriting, type WritableIndex } from '../../src/store/index-folder.ts';

/** A project and its index in a temporary folder, with the real catalogue and store. */
export class IndexHarness {
  readonly #folder = mkdtempSync(join(tmpdir(), 'lorekeep-index-'));
  readonly root = join(this.#folder, 'project');
  readonly #embedder: Embedder | null;

  constructor(embedder: Embedder | null = null) {
    this.#embedder = embedder;
    mkdirSync(this.root);
  }

  write(path: string, content: string | Uint8Array): void {
    const absolute = join(this.root, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, content);
  }

  remove(path: string): void {
    rmSync(join(this.root, path));
  }

  /** Opens the index, hands it on and closes it. */
  async use<T>(action: (index: WritableIndex) => Promise<T>): Promise<T> {
    const identity = (await this.#embedder?.identity()) ?? null;
    const index = await openIndexForWriting(join(this.#folder, 'index'), identity);
    try {
      return await action(index);
    } finally {
      await index.close();
    }
  }

  /** One run, with one thread; `store` can stand in for the real one. */
  run(options: Partial<IndexOptions> & { store?: (real: VectorStore) => VectorStore } = {}): Promise<IndexReport> {
    return this.use(({ catalogue, writer, store }) =>
      indexProject(
        {
          matcher: createIgnoreMatcher(this.root),
          catalogue: { reader: catalogue, writer },
          store: options.store?.(store) ?? store,
          embedder: this.#embedder,
        },
        { now: () => new Date(), threads: 1, ...options },
      ),
    );
  }

  /** Paths of the files in which a term is found, sorted. */
  async find(term: string): Promise<string[]> {
    return this.use(async ({ store, catalogue }) => {
      const hits = await store.searchText([{ term, weight: 1 }], { limit: 100 });
      const served = catalogue.generations(hits.map(({ file }) => file));
      const paths = hits.filter(({ file, generation }) => served.get(file) === generation).map(({ path }) => path);
      return [...new Set(paths)].toSorted();
    });
  }

  read<T>(action: (catalogue: CatalogueReader) => T): Promise<T> {
    return this.use(({ catalogue }) => Promise.resolve(action(catalogue)));
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

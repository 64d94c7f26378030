import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { indexProject } from '../../indexer/run/index-project.ts';
import { createIgnoreMatcher } from '../../indexer/walk/walk.ts';
import { loadConfig } from '../../src/config.ts';
import type { Retriever } from '../../src/core/retrieval.ts';
import { createRetriever } from '../../src/retrieval/hybrid-retriever.ts';
import { checkingOf } from '../../src/service/checking.ts';
import { openRechunker, type Rechunker } from '../../src/service/rechunking.ts';
import { openIndex, openIndexForWriting, type ReadableIndex } from '../../src/store/index-folder.ts';
import type { SearchReport } from '../../src/verbs/reports.ts';
import { search, type SearchParts } from '../../src/verbs/search.ts';
import type { CheckedProject } from '../../src/verbs/verify/checked-project.ts';

/** A project of files with an index of their words, and searches of it as a running service makes them. */
export class SearchedProject implements AsyncDisposable {
  /** Holds the project's folder; other files may be put beside it. */
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'lorekeep-searched-')));
  readonly root = join(this.folder, 'project');
  readonly #indexFolder = join(this.folder, 'index');
  #rechunker: Rechunker | null = null;
  #index: ReadableIndex | null = null;
  #project: CheckedProject | null = null;
  #retriever: Retriever | null = null;

  constructor(files: Readonly<Record<string, string | Uint8Array>>) {
    for (const [path, content] of Object.entries(files)) this.write(path, content);
  }

  write(path: string, content: string | Uint8Array): void {
    const absolute = join(this.root, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, content);
  }

  /** Makes all files an hour old, so that their stat is trusted. */
  age(): void {
    const hourAgo = Date.now() / 1000 - 3_600;
    for (const name of readdirSync(this.root, { recursive: true, encoding: 'utf8' })) {
      const path = join(this.root, name);
      if (statSync(path).isFile()) utimesSync(path, hourAgo, hourAgo);
    }
  }

  /** Brings the index up to date by a plain run. */
  async index(): Promise<void> {
    const index = await openIndexForWriting(this.#indexFolder, null);
    try {
      const catalogue = { reader: index.catalogue, writer: index.writer };
      const parts = { matcher: createIgnoreMatcher(this.root, {}), catalogue, store: index.store, embedder: null };
      await indexProject(parts, { now: () => new Date(), threads: 1 });
    } finally {
      await index.close();
    }
  }

  /** Opens the index, which must be there, for searches. */
  async open(): Promise<CheckedProject> {
    const { values } = await loadConfig({ environment: {} });
    this.#rechunker ??= openRechunker(values);
    this.#index ??= openIndex(this.#indexFolder);
    const place = { name: 'shop', root: this.root, indexFolder: this.#indexFolder };
    const { catalogue, store } = this.#index;
    this.#project ??= { ...place, catalogue, ...checkingOf(place, values, this.#rechunker) };
    this.#retriever ??= createRetriever({ projects: [{ name: 'shop', catalogue, store }], embedder: null });
    return this.#project;
  }

  /** One search, by the index or by a retriever of the test's. */
  async search(question: string, more: { limit?: number } & Partial<SearchParts> = {}): Promise<SearchReport> {
    const { limit = 5, ...parts } = more;
    const project = await this.open();
    const now = (): number => performance.now();
    return search({ projects: [project], retriever: this.#retriever!, now, ...parts }, { question, limit });
  }

  /** What the index finds, whatever the files hold by now. */
  async found(question: string): Promise<Awaited<ReturnType<Retriever['search']>>> {
    await this.open();
    return this.#retriever!.search({ question, limit: 20 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rechunker?.close();
    await this.#index?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

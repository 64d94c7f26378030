import { setTimeout as pause } from 'node:timers/promises';
import type { Table } from '@lancedb/lancedb';
import type {
  ChunkContent,
  ChunkOutline,
  ChunkRecord,
  OptimizeWhen,
  QueryTerm,
  SearchOptions,
  StoreBatch,
  StoreHit,
  VectorStore,
} from '../core/vector-store.ts';
import { requireRoom } from './disk/free-space.ts';
import { FolderSync } from './folder-sync.ts';
import { indexBytes } from './index-place.ts';
import { wholeTable } from './lance/columns.ts';
import { noteDurable } from './lance/durable-version.ts';
import { FreshTable } from './lance/fresh-table.ts';
import { olderPredicates } from './lance/query.ts';
import { countRows } from './lance/rows.ts';
import { MovedRows, TableReader } from './lance/table-reader.ts';
import { indexTerms, type TablePlace, translated } from './lance/table.ts';

/** What a store is opened with. */
export interface LanceStoreOptions extends TablePlace {
  /** Length of a vector; null for a lexical index. */
  readonly dimension: number | null;
  /** Memory that vectors may take while they are searched, in bytes; a million of 128 numbers take 128 MB. */
  readonly maxVectorBytes?: number;
  /** Rows that `optimize` may leave outside the full-text index; 500 add about 8 ms to a search. */
  readonly tolerableUnindexedRows?: number;
}

const defaultMaxVectorBytes = 512 * 2 ** 20;
const defaultTolerableUnindexedRows = 200;
const tolerableFragments = 8;
/** Each write and delete leaves a version, whose files stay until they are tidied away. */
const tolerableVersions = 50;
/** Ten times as much is too much even while files change. */
const overdueFactor = 10;
const filesPerDelete = 500;
/** At most, on average. */
const bytesPerRow = 2000;
/** For each byte of the table: while it is made anew, the old one stays. */
const bytesToTidy = 1.2;
const maxOptimizePasses = 4;
const readAttempts = 3;
/** Bringing changes to a table and tidying it up are a few commits in a few seconds, each of which may move chunks that are being read. */
const readAttemptsMoved = 10;
/** The first attempts follow at once, later ones after twice as long each time. Two seconds in all. */
const movedPause = { after: 2, firstMs: 10, longestMs: 500 } as const;

/** LanceDB behind the VectorStore port. Opens its table at the first call, so that making one costs nothing. */
export class LanceStore implements VectorStore {
  readonly #options: LanceStoreOptions;
  readonly #sync: FolderSync;
  readonly #reader: TableReader;
  readonly #table: FreshTable;
  /** The last write; writes run one after the other. */
  #writing: Promise<unknown> = Promise.resolve();
  /** Largest id in the table, null before the first write. */
  #maxId: number | null = null;

  constructor(options: LanceStoreOptions) {
    this.#options = options;
    this.#sync = new FolderSync(options.folder);
    this.#table = new FreshTable(options);
    const { dimension, maxVectorBytes = defaultMaxVectorBytes } = options;
    this.#reader = new TableReader({ dimension, maxVectorBytes });
  }

  write(batch: StoreBatch): Promise<void> {
    return this.#exclusively('write chunks', async (table) => {
      requireRoom(this.#options.folder, batch.records.length * bytesPerRow, 'store what was recorded');
      await this.#add(table, batch.records);
      for (const predicate of olderPredicates(batch.removeBefore, filesPerDelete)) await table.delete(predicate);
      await this.#keep(table);
    });
  }

  async optimize(when: OptimizeWhen = 'due'): Promise<void> {
    await this.#exclusively('tidy up', async (table) => {
      if (await this.#isTidy(table, when === 'due' ? 1 : overdueFactor)) return;
      requireRoom(this.#options.folder, indexBytes(this.#options.folder) * bytesToTidy, 'tidy up the index');
      await this.#optimizeFully(table);
      // Old files go only after the new ones are on the disk.
      await this.#keep(table);
      // There is one writer, so no file can belong to an unfinished write of another process.
      await table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true });
      await this.#keep(table);
    });
    this.#table.letGo();
  }

  async searchText(terms: readonly QueryTerm[], options: SearchOptions): Promise<readonly StoreHit[]> {
    return this.#read('search', (table) => this.#reader.searchText(table, terms, options));
  }

  async searchVector(vector: Float32Array, options: SearchOptions): Promise<readonly StoreHit[]> {
    return this.#read('search', (table) => this.#reader.searchVector(table, vector, options));
  }

  async read(ids: readonly number[]): Promise<readonly ChunkRecord[]> {
    return ids.length === 0 ? [] : this.#read('read chunks', (table) => this.#reader.read(table, ids));
  }

  async contents(ids: readonly number[]): Promise<ReadonlyMap<number, ChunkContent>> {
    return ids.length === 0 ? new Map() : this.#read('read chunks', (table) => this.#reader.contents(table, ids));
  }

  async outline(ids: readonly number[]): Promise<readonly ChunkOutline[]> {
    return ids.length === 0 ? [] : this.#read('read chunks', (table) => this.#reader.outline(table, ids));
  }

  async inventory(): Promise<readonly { readonly file: number; readonly generation: number; readonly rows: number }[]> {
    const columns = ['file', 'generation'];
    return countRows(await this.#read('count chunks', (table) => table.query().select(columns).toArrow(wholeTable)));
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#table.close();
  }

  /** Puts all that was written on the disk: a power cut takes nothing of it, and what comes after it can be taken back. */
  async #keep(table: Table): Promise<void> {
    const version = await table.version();
    await this.#sync.sync();
    noteDurable(this.#options, version);
  }

  /** Writes must not overlap: an optimization beside a write fails or is done twice. */
  #exclusively(doing: string, action: (table: Table) => Promise<void>): Promise<void> {
    const done = this.#writing.then(() => translated(doing, this.#options, () => this.#table.use(action)));
    this.#writing = done.catch(() => undefined);
    return done;
  }

  /** A writer in another process may have compacted the table or tidied away the files of the version at hand, so a read is tried again. */
  async #read<T>(doing: string, action: (table: Table) => Promise<T>): Promise<T> {
    let [moved, failed] = [0, 0];
    for (;;) {
      try {
        return await this.#table.use(action);
      } catch (error) {
        if (error instanceof MovedRows) moved++;
        else failed++;
        this.#reader.forget();
        await this.#table.use((table) => table.checkoutLatest()).catch(() => undefined);
        if (failed === readAttempts - 1 || moved === readAttemptsMoved - 1) break;
        if (moved > movedPause.after) await pause(pauseAfter(moved));
      }
    }
    return translated(doing, this.#options, () => this.#table.use(action));
  }

  /** Ids grow, so only a batch that is written again, after an unclean stop, can hold ids that are already there. */
  async #add(table: Table, records: readonly ChunkRecord[]): Promise<void> {
    if (records.length === 0) return;
    this.#maxId ??= await this.#reader.largestId(table);
    // Only writing needs the Arrow library, which takes as long to load as all the rest of a search.
    const { recordTable } = await import('./lance/schema.ts');
    const rows = recordTable(records, this.#options.dimension);
    const smallest = records.reduce((least, { id }) => Math.min(least, id), Infinity);
    if (smallest > this.#maxId) await table.add(rows);
    else await table.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(rows);
    this.#maxId = records.reduce((most, { id }) => Math.max(most, id), this.#maxId);
  }

  /** LanceDB indexes new rows in one pass and merges them with the old ones in the next, so it runs until all is done. */
  async #optimizeFully(table: Table): Promise<void> {
    for (let pass = 0; pass < maxOptimizePasses; pass++) {
      const stats = await optimizeOrReindex(table);
      if (pass > 0 && stats.compaction.fragmentsRemoved === 0) return;
    }
  }

  /** `factor`: how many times what is tolerable may be there. */
  async #isTidy(table: Table, factor: number): Promise<boolean> {
    const [index, { fragmentStats }] = await Promise.all([table.indexStats('terms_idx'), table.stats()]);
    const tolerableRows = this.#options.tolerableUnindexedRows ?? defaultTolerableUnindexedRows;
    if (index === undefined || index.numUnindexedRows > tolerableRows * factor) return false;
    if (fragmentStats.numSmallFragments > tolerableFragments * factor) return false;
    return (await table.listVersions()).length <= tolerableVersions * factor;
  }
}

function pauseAfter(moved: number): number {
  return Math.min(movedPause.longestMs, movedPause.firstMs * 2 ** (moved - movedPause.after - 1));
}

/** Merging into a full-text index has failed in past versions of LanceDB; making it anew has not. */
async function optimizeOrReindex(table: Table): Promise<Awaited<ReturnType<Table['optimize']>>> {
  try {
    return await table.optimize();
  } catch {
    await indexTerms(table);
    return table.optimize();
  }
}

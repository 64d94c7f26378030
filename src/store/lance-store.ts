import type { Query, Table, VectorQuery } from '@lancedb/lancedb';
import type { Table as ArrowTable } from 'apache-arrow';
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
import { contentColumns, outlineColumns } from './lance/columns.ts';
import { noteDurable } from './lance/durable-version.ts';
import { filterPredicate, idPredicate, olderPredicates, searchableTerms } from './lance/query.ts';
import { contentsOf, countRows, hitsOf, outlinesOf, recordsOf } from './lance/rows.ts';
import { indexTerms, loadLance, openTable, type TablePlace, translated } from './lance/table.ts';

/** What a store is opened with. */
export interface LanceStoreOptions extends TablePlace {
  /** Length of a vector; null for a lexical index. */
  readonly dimension: number | null;
  /** Rows from which on vectors get an index of their own; below, comparing with each is fast enough. */
  readonly vectorIndexRows?: number;
  /** Rows that `optimize` may leave outside the full-text index; 500 add about 8 ms to a search. */
  readonly tolerableUnindexedRows?: number;
}

/** 100,000 vectors of 256 numbers are compared in about 60 ms on two cores. */
const defaultVectorIndexRows = 200_000;
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

/** LanceDB behind the VectorStore port. Opens its table at the first call, so that making one costs nothing. */
export class LanceStore implements VectorStore {
  readonly #options: LanceStoreOptions;
  readonly #sync: FolderSync;
  #table: Promise<Table> | null = null;
  /** The last write; writes run one after the other. */
  #writing: Promise<unknown> = Promise.resolve();
  /** Largest id in the table, null before the first write. */
  #maxId: number | null = null;

  constructor(options: LanceStoreOptions) {
    this.#options = options;
    this.#sync = new FolderSync(options.folder);
  }

  write(batch: StoreBatch): Promise<void> {
    return this.#exclusively('write chunks', async (table) => {
      requireRoom(this.#options.folder, batch.records.length * bytesPerRow, 'store what was recorded');
      await this.#add(table, batch.records);
      for (const predicate of olderPredicates(batch.removeBefore, filesPerDelete)) await table.delete(predicate);
      await this.#keep(table);
    });
  }

  optimize(when: OptimizeWhen = 'due'): Promise<void> {
    return this.#exclusively('tidy up', async (table) => {
      if (await this.#isTidy(table, when === 'due' ? 1 : overdueFactor)) return;
      requireRoom(this.#options.folder, indexBytes(this.#options.folder) * bytesToTidy, 'tidy up the index');
      await this.#optimizeFully(table);
      await this.#indexVectors(table);
      // Old files go only after the new ones are on the disk.
      await this.#keep(table);
      // There is one writer, so no file can belong to an unfinished write of another process.
      await table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true });
      await this.#keep(table);
    });
  }

  async searchText(terms: readonly QueryTerm[], options: SearchOptions): Promise<readonly StoreHit[]> {
    const searchable = searchableTerms(terms);
    if (searchable.length === 0 || options.limit <= 0) return [];
    const { BooleanQuery, MatchQuery, Occur } = await loadLance();
    // One clause for all terms of a weight: LanceDB adds up their scores either way.
    const byWeight = [...Map.groupBy(searchable, ({ weight }) => weight)];
    const clauses = byWeight.map(([boost, group]): [typeof Occur.Should, InstanceType<typeof MatchQuery>] => [
      Occur.Should,
      new MatchQuery(group.map(({ term }) => term).join(' '), 'terms', { boost }),
    ]);
    // Without the boolean query around it, a single clause takes half the time.
    const query = clauses.length === 1 ? clauses[0]![1] : new BooleanQuery(clauses);
    const found = await this.#read('search', (table) =>
      narrowed(table.query().fullTextSearch(query), options)
        .select([...outlineColumns, '_score'])
        .toArrow(),
    );
    return ranked(hitsOf(found, '_score', (score) => score).filter(({ score }) => score > 0));
  }

  async searchVector(vector: Float32Array, options: SearchOptions): Promise<readonly StoreHit[]> {
    if (this.#options.dimension === null || options.limit <= 0) return [];
    const found = await this.#read('search', (table) =>
      narrowed(table.query().nearestTo(vector).distanceType('cosine'), options)
        .select([...outlineColumns, '_distance'])
        .toArrow(),
    );
    return ranked(hitsOf(found, '_distance', (distance) => 1 - distance));
  }

  async read(ids: readonly number[]): Promise<readonly ChunkRecord[]> {
    if (ids.length === 0) return [];
    const found = await this.#read('read chunks', (table) => table.query().where(idPredicate(ids)).toArrow());
    return inOrder(ids, recordsOf(found));
  }

  async contents(ids: readonly number[]): Promise<ReadonlyMap<number, ChunkContent>> {
    if (ids.length === 0) return new Map();
    const found = await this.#read('read chunks', (table) =>
      table
        .query()
        .where(idPredicate(ids))
        .select(['id', ...contentColumns])
        .toArrow(),
    );
    return contentsOf(found);
  }

  async outline(ids: readonly number[]): Promise<readonly ChunkOutline[]> {
    if (ids.length === 0) return [];
    const found = await this.#read('read chunks', (table) =>
      table
        .query()
        .where(idPredicate(ids))
        .select([...outlineColumns])
        .toArrow(),
    );
    return inOrder(ids, outlinesOf(found));
  }

  async inventory(): Promise<readonly { readonly file: number; readonly generation: number; readonly rows: number }[]> {
    return countRows(
      await this.#read('count chunks', (table) => table.query().select(['file', 'generation']).toArrow()),
    );
  }

  async close(): Promise<void> {
    await this.#writing;
    const opened = this.#table;
    this.#table = null;
    if (opened !== null) (await opened.catch(() => null))?.close();
  }

  /** Puts all that was written on the disk: a power cut takes nothing of it, and what comes after it can be taken back. */
  async #keep(table: Table): Promise<void> {
    const version = await table.version();
    await this.#sync.sync();
    noteDurable(this.#options, version);
  }

  #open(): Promise<Table> {
    this.#table ??= openTable(this.#options).catch((error: unknown) => {
      this.#table = null;
      throw error;
    });
    return this.#table;
  }

  /** Writes must not overlap: an optimization beside a write fails or is done twice. */
  #exclusively(doing: string, action: (table: Table) => Promise<void>): Promise<void> {
    const done = this.#writing.then(() => translated(doing, this.#options, async () => action(await this.#open())));
    this.#writing = done.catch(() => undefined);
    return done;
  }

  /** A writer in another process may have tidied away the files of the version at hand, so a read is tried twice. */
  async #read(doing: string, action: (table: Table) => Promise<ArrowTable>): Promise<ArrowTable> {
    const table = await this.#open();
    try {
      return await action(table);
    } catch {
      return translated(doing, this.#options, async () => {
        await table.checkoutLatest();
        return action(table);
      });
    }
  }

  /** Ids grow, so only a batch that is written again, after an unclean stop, can hold ids that are already there. */
  async #add(table: Table, records: readonly ChunkRecord[]): Promise<void> {
    if (records.length === 0) return;
    this.#maxId ??= await largestId(table);
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

  async #indexVectors(table: Table): Promise<void> {
    if (this.#options.dimension === null) return;
    const rows = await table.countRows();
    if (rows < (this.#options.vectorIndexRows ?? defaultVectorIndexRows)) return;
    const { Index } = await loadLance();
    await table.createIndex('vector', { config: Index.ivfFlat({ distanceType: 'cosine' }), replace: true });
  }
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

async function largestId(table: Table): Promise<number> {
  const ids = (await table.query().select(['id']).toArrow()).getChild('id');
  let largest = 0;
  for (const id of ids ?? []) largest = Math.max(largest, Number(id));
  return largest;
}

function narrowed<Q extends Query | VectorQuery>(query: Q, { limit, filter }: SearchOptions): Q {
  const predicate = filterPredicate(filter);
  query.limit(limit);
  if (predicate !== undefined) query.where(predicate);
  return query;
}

/** Best first; equal scores by id, so that the same index gives the same order. */
function ranked(hits: readonly StoreHit[]): StoreHit[] {
  return hits.toSorted((left, right) => right.score - left.score || left.id - right.id);
}

function inOrder<T extends { readonly id: number }>(ids: readonly number[], found: readonly T[]): T[] {
  const byId = new Map(found.map((chunk) => [chunk.id, chunk]));
  return ids.map((id) => byId.get(id)).filter((chunk) => chunk !== undefined);
}

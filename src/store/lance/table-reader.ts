import type { Query, Table } from '@lancedb/lancedb';
import type { Table as ArrowTable } from 'apache-arrow';
import { RecentMap } from '../../core/gateway/recent-map.ts';
import type {
  ChunkContent,
  ChunkOutline,
  ChunkRecord,
  QueryTerm,
  SearchOptions,
  StoreFilter,
  StoreHit,
} from '../../core/vector-store.ts';
import type { ScoredId } from '../vectors/best-scores.ts';
import { VectorSearch } from '../vectors/vector-search.ts';
import { contentColumns, numberColumns, outlineColumns, textColumns, wholeTable } from './columns.ts';
import { filterPredicate, searchableTerms } from './query.ts';
import { type OutlineTable, readOutlines } from './outline-table.ts';
import { addressesOf, readDirectory, type RowDirectory } from './row-directory.ts';
import { contentsOf, outlinesOf, recordsOf } from './rows.ts';
import { loadLance } from './table.ts';
import { vectorSource } from './vector-column.ts';

export interface TableReaderOptions {
  /** Length of a vector; null for a lexical index. */
  readonly dimension: number | null;
  /** Memory that vectors may take, see `VectorSearchOptions`. */
  readonly maxVectorBytes: number;
}

/** Outlines read one by one to remember, about 250 bytes each. The outline of a chunk never changes. */
const rememberedOutlines = 5000;
/** After so many read one by one, or such a share of all, the whole of them are read in the background. */
const outlinesBeforeAll = 1000;
const shareBeforeAll = 0.02;
/** Beyond, they would take more than 100 MB. */
const maxOutlines = 1_000_000;

/** Chunks that were there a moment ago and now are not: the table was written or compacted meanwhile. */
export class MovedRows extends Error {
  constructor() {
    super('Chunks were moved while they were read.');
  }
}

/**
 * Reads one table. LanceDB is asked for addresses and scores alone; what else a hit needs is read by address, once for each chunk.
 * Anything may throw when another process compacts the table meanwhile; after `forget` it succeeds.
 */
export class TableReader {
  readonly #vectors: VectorSearch | null;
  readonly #outlines = new RecentMap<number, ChunkOutline>(rememberedOutlines);
  #allOutlines: OutlineTable | null = null;
  #isReadingAll = false;
  /** Outlines read one by one since all were. */
  #readAlone = 0;
  #directory: { readonly version: number; readonly read: Promise<RowDirectory> } | null = null;

  constructor({ dimension, maxVectorBytes }: TableReaderOptions) {
    this.#vectors = dimension === null ? null : new VectorSearch({ dimension, maxBytes: maxVectorBytes });
  }

  /** Forgets where the chunks lie. */
  forget(): void {
    this.#directory = null;
  }

  async searchText(table: Table, terms: readonly QueryTerm[], options: SearchOptions): Promise<readonly StoreHit[]> {
    const matches = await fullTextQuery(table, terms);
    if (matches === null || options.limit <= 0) return [];
    const [directory, found] = await Promise.all([
      this.#locate(table),
      narrowed(matches, options.filter).limit(options.limit).select(['_score']).withRowId().toArrow(),
    ]);
    const scores = found.getChild('_score');
    const scored = Array.from(addressesOf(found), (address, row) => {
      const id = directory.idAt(address);
      if (id === undefined) throw new MovedRows();
      return { id, score: Number(scores?.get(row)) };
    });
    const ranked = scored
      .filter(({ score }) => score > 0)
      .sort((left, right) => right.score - left.score || left.id - right.id);
    return this.#hits(table, directory, ranked);
  }

  async searchVector(table: Table, vector: Float32Array, options: SearchOptions): Promise<readonly StoreHit[]> {
    if (this.#vectors === null || options.limit <= 0) return [];
    const [directory, among] = await Promise.all([this.#locate(table), idsPassing(table, options.filter)]);
    const source = vectorSource(table, directory);
    return this.#hits(table, directory, await this.#vectors.search(source, { vector, among }, options.limit));
  }

  async read(table: Table, ids: readonly number[]): Promise<readonly ChunkRecord[]> {
    const vector = this.#vectors === null ? [] : ['vector'];
    const columns = [...numberColumns, ...textColumns, ...vector];
    return inOrder(ids, recordsOf(await this.#take(table, await this.#locate(table), { ids, columns })));
  }

  async contents(table: Table, ids: readonly number[]): Promise<ReadonlyMap<number, ChunkContent>> {
    const columns = ['id', ...contentColumns];
    return contentsOf(await this.#take(table, await this.#locate(table), { ids, columns }));
  }

  async outline(table: Table, ids: readonly number[]): Promise<readonly ChunkOutline[]> {
    return inOrder(ids, await this.#outlined(table, await this.#locate(table), ids));
  }

  /** The largest id in the table, 0 where it is empty. */
  async largestId(table: Table): Promise<number> {
    const { ids } = await this.#locate(table);
    return ids.reduce((largest, id) => Math.max(largest, id), 0);
  }

  async #locate(table: Table): Promise<RowDirectory> {
    const version = await table.version();
    if (this.#directory?.version !== version) this.#directory = { version, read: readDirectory(table, version) };
    return this.#directory.read;
  }

  async #hits(table: Table, directory: RowDirectory, scored: readonly ScoredId[]): Promise<StoreHit[]> {
    const ids = scored.map(({ id }) => id);
    const outlines = inOrder(ids, await this.#outlined(table, directory, ids));
    return outlines.map((outline, place) => ({ ...outline, score: scored[place]!.score }));
  }

  /** In no order. */
  async #outlined(table: Table, directory: RowDirectory, ids: readonly number[]): Promise<readonly ChunkOutline[]> {
    const known: ChunkOutline[] = [];
    const missing: number[] = [];
    for (const id of new Set(ids)) {
      const outline = this.#allOutlines?.get(id) ?? this.#outlines.get(id);
      if (outline === undefined) missing.push(id);
      else known.push(outline);
    }
    if (missing.length === 0) return known;
    const read = outlinesOf(await this.#take(table, directory, { ids: missing, columns: outlineColumns }));
    for (const outline of read) this.#outlines.set(outline.id, outline);
    this.#readAlone += read.length;
    const { length } = directory.ids;
    if (this.#readAlone > Math.max(outlinesBeforeAll, shareBeforeAll * length) && length <= maxOutlines)
      this.#readAll(table);
    return [...known, ...read];
  }

  /** A process that stays reads all outlines soon; one that answers a single question never does. */
  #readAll(table: Table): void {
    if (this.#isReadingAll) return;
    this.#isReadingAll = true;
    const read = async (): Promise<void> => {
      try {
        this.#allOutlines = await readOutlines(table);
        this.#readAlone = 0;
      } catch {
        // The table was compacted or closed meanwhile; searches go on as before, and the next one may try again.
      } finally {
        this.#isReadingAll = false;
      }
    };
    void read();
  }

  /** Rows of the chunks that are in the directory, in no order. */
  async #take(
    table: Table,
    directory: RowDirectory,
    { ids, columns }: { readonly ids: readonly number[]; readonly columns: readonly string[] },
  ): Promise<ArrowTable> {
    const addresses = ids.map((id) => directory.addressOf(id)).filter((address) => address !== undefined);
    const taken = await table
      .takeRowIds(addresses)
      .select([...columns])
      .toArrow();
    if (taken.numRows < new Set(addresses).size) throw new MovedRows();
    return taken;
  }
}

/** Null where no term can match. */
async function fullTextQuery(table: Table, terms: readonly QueryTerm[]): Promise<Query | null> {
  const searchable = searchableTerms(terms);
  if (searchable.length === 0) return null;
  const { BooleanQuery, MatchQuery, Occur } = await loadLance();
  // One clause for all terms of a weight: LanceDB adds up their scores either way.
  const byWeight = [...Map.groupBy(searchable, ({ weight }) => weight)];
  const clauses = byWeight.map(([boost, group]): [typeof Occur.Should, InstanceType<typeof MatchQuery>] => [
    Occur.Should,
    new MatchQuery(group.map(({ term }) => term).join(' '), 'terms', { boost }),
  ]);
  // Without the boolean query around it, a single clause takes half the time.
  return table.query().fullTextSearch(clauses.length === 1 ? clauses[0]![1] : new BooleanQuery(clauses));
}

/** The chunks that a filter lets pass, null for all. */
async function idsPassing(table: Table, filter: StoreFilter | undefined): Promise<ReadonlySet<number> | null> {
  if (filterPredicate(filter) === undefined) return null;
  const found = await narrowed(table.query(), filter).select(['id']).toArrow(wholeTable);
  return new Set(Array.from(found.getChild('id') ?? [], Number));
}

function narrowed(query: Query, filter: StoreFilter | undefined): Query {
  const predicate = filterPredicate(filter);
  return predicate === undefined ? query : query.where(predicate);
}

function inOrder<T extends { readonly id: number }>(ids: readonly number[], found: readonly T[]): T[] {
  const byId = new Map(found.map((chunk) => [chunk.id, chunk]));
  return ids.map((id) => byId.get(id)).filter((chunk) => chunk !== undefined);
}

import type { ChunkOutline, QueryTerm, SearchOptions, StoreHit, VectorStore } from '../../core/vector-store.ts';
import { searchableTerms } from '../lance/query.ts';
import { isReplaced, PendingChunks, type PendingReader, type PendingSnapshot } from './pending-chunks.ts';
import { type HeldChunk, outlineOf } from './pending-file.ts';
import { byScore, pendingTerms, rankText, rankVectors } from './search-pending.ts';
import { StoredFrequencies } from './stored-frequencies.ts';

/** What an overlay lies over. */
export interface OverlayParts {
  readonly store: VectorStore;
  /** Over a connection that nobody writes through, so that its revision tells of every change. */
  readonly catalogue: PendingReader;
  /** Memory that pending chunks may take. */
  readonly maxBytes?: number;
}

/** About 16,000 chunks with their vectors: what an indexing run has under way at most. */
const defaultMaxBytes = 64 * 2 ** 20;
/** How often a search is made wider, each time by as much, when superseded chunks take up the room of others. */
const maxWidenings = 3;
const widening = 4;

/**
 * A store as it will be when everything recorded has reached it: pending chunks are searched in memory and take the place of
 * what they supersede. What is pending is looked at before the store is read, so nothing on its way between them is missed.
 */
export class OverlayStore implements VectorStore {
  readonly #store: VectorStore;
  readonly #pending: PendingChunks;
  readonly #frequencies: StoredFrequencies;

  constructor({ store, catalogue, maxBytes = defaultMaxBytes }: OverlayParts) {
    this.#store = store;
    this.#pending = new PendingChunks(catalogue, maxBytes);
    this.#frequencies = new StoredFrequencies(store);
  }

  async searchText(terms: readonly QueryTerm[], options: SearchOptions): Promise<readonly StoreHit[]> {
    const snapshot = this.#pending.look();
    if (snapshot.files.size === 0) return this.#store.searchText(terms, options);
    const found = pendingTerms(snapshot, searchableTerms(terms));
    const names = found.map(({ term }) => term);
    const [kept, stored] = await Promise.all([
      searchStore(snapshot, options, (wider) => this.#store.searchText(terms, wider)),
      this.#frequencies.count(names, snapshot),
    ]);
    return merged(kept, rankText(snapshot, { terms: found, stored }, options), options);
  }

  async searchVector(vector: Float32Array, options: SearchOptions): Promise<readonly StoreHit[]> {
    const snapshot = this.#pending.look();
    const search = (wider: SearchOptions) => this.#store.searchVector(vector, wider);
    if (snapshot.files.size === 0) return search(options);
    const kept = await searchStore(snapshot, options, search);
    return merged(kept, rankVectors(snapshot, vector, options), options);
  }

  read: VectorStore['read'] = async (ids) => {
    const { held, snapshot } = this.#find(ids);
    if (snapshot.files.size === 0) return this.#store.read(ids);
    // Search terms are not held, and hardly anybody reads whole chunks, so they come from the journal again.
    const files = [...new Set([...held.values()].map(({ file }) => file))];
    const pending = files.flatMap((file) => this.#pending.records(file));
    return this.#inOrder(ids, { pending, snapshot, read: (missing) => this.#store.read(missing) });
  };

  outline: VectorStore['outline'] = async (ids) => {
    const { held, snapshot } = this.#find(ids);
    if (snapshot.files.size === 0) return this.#store.outline(ids);
    const pending = [...held.values()].map(outlineOf);
    return this.#inOrder(ids, { pending, snapshot, read: (missing) => this.#store.outline(missing) });
  };

  contents: VectorStore['contents'] = async (ids) => {
    const { held } = this.#find(ids);
    if (held.size === 0) return this.#store.contents(ids);
    const missing = ids.filter((id) => !held.has(id));
    const stored = missing.length > 0 ? await this.#store.contents(missing) : [];
    return new Map([...stored, ...[...held].map(([id, { context, text }]) => [id, { context, text }] as const)]);
  };

  write: VectorStore['write'] = (batch) => this.#store.write(batch);
  optimize: VectorStore['optimize'] = () => this.#store.optimize();
  inventory: VectorStore['inventory'] = () => this.#store.inventory();
  close: VectorStore['close'] = () => this.#store.close();

  /** Chunks in the order of their ids: pending ones, and from the store those that nothing pending replaces. */
  async #inOrder<Chunk extends ChunkOutline>(ids: readonly number[], from: Sources<Chunk>): Promise<readonly Chunk[]> {
    const byId = new Map(from.pending.map((chunk) => [chunk.id, chunk]));
    const missing = ids.filter((id) => !byId.has(id));
    const stored = missing.length > 0 ? await from.read(missing) : [];
    for (const chunk of stored) if (!isReplaced(chunk, from.snapshot)) byId.set(chunk.id, chunk);
    return ids.map((id) => byId.get(id)).filter((chunk) => chunk !== undefined);
  }

  /** What is held is asked before the look: a chunk that was found a moment ago may be superseded now, and is still good. */
  #find(ids: readonly number[]): { held: ReadonlyMap<number, HeldChunk>; snapshot: PendingSnapshot } {
    const held = new Map<number, HeldChunk>();
    const hold = (id: number): void => {
      const chunk = this.#pending.chunk(id);
      if (chunk !== undefined) held.set(id, chunk);
    };
    ids.forEach(hold);
    const snapshot = this.#pending.look();
    ids.filter((id) => !held.has(id)).forEach(hold);
    return { held, snapshot };
  }
}

interface Sources<Chunk> {
  readonly pending: readonly Chunk[];
  readonly snapshot: PendingSnapshot;
  read(missing: readonly number[]): Promise<readonly Chunk[]>;
}

/** What the store finds and nothing pending replaces, at least as many as asked for where there are so many. */
async function searchStore(
  snapshot: PendingSnapshot,
  { limit, ...narrowing }: SearchOptions,
  search: (wider: SearchOptions) => Promise<readonly StoreHit[]>,
): Promise<readonly StoreHit[]> {
  let asked = limit + Math.min(limit, snapshot.superseded);
  for (let widenings = 0; ; widenings++) {
    const found = await search({ ...narrowing, limit: asked });
    const kept = found.filter((hit) => !isReplaced(hit, snapshot));
    if (kept.length >= limit || found.length < asked || widenings === maxWidenings) return kept;
    asked *= widening;
  }
}

function merged(
  stored: readonly StoreHit[],
  pending: readonly StoreHit[],
  { limit }: SearchOptions,
): readonly StoreHit[] {
  return [...stored, ...pending].sort(byScore).slice(0, Math.max(0, limit));
}

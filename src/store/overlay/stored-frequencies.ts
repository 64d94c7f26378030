import { RecentMap } from '../../core/gateway/recent-map.ts';
import type { ChunkRecord, StoreHit, VectorStore } from '../../core/vector-store.ts';
import { countOfRarity, saturation } from '../bm25.ts';
import { isReplaced, type PendingSnapshot } from './pending-chunks.ts';

/** What a store tells of a term: all chunks that have it, or how rare the term is where they are many. */
type Learned = { readonly chunks: readonly StoreHit[] } | { readonly rarity: number };

/** Up to so many chunks are counted one by one. */
const countedChunks = 32;
const rememberedTerms = 2000;
/** What was learned holds until the store has grown or shrunk by this share. */
const tolerableChange = 0.02;

/**
 * How many chunks of a store have a term. It does not say so itself, but its scores do: a search for the term alone finds
 * either all chunks that have it, or one whose score, frequency and length tell how rare the store takes the term to be.
 */
export class StoredFrequencies {
  readonly #store: Pick<VectorStore, 'searchText' | 'read'>;
  #learned = new RecentMap<string, Learned>(rememberedTerms);
  #storeAge = 0;
  #stored = 0;

  constructor(store: Pick<VectorStore, 'searchText' | 'read'>) {
    this.#store = store;
  }

  /** Of the chunks in the store that nothing pending replaces, how many have each term. */
  async count(terms: readonly string[], snapshot: PendingSnapshot): Promise<ReadonlyMap<string, number>> {
    if (snapshot.stored === 0) return new Map();
    const remembered = this.#remembered(snapshot);
    const learned = new Map(terms.map((term) => [term, remembered.get(term)]));
    const unknown = terms.filter((term) => learned.get(term) === undefined);
    for (const [term, told] of unknown.length > 0 ? await this.#probe(unknown, snapshot) : []) {
      remembered.set(term, told);
      learned.set(term, told);
    }
    return new Map(terms.map((term) => [term, countOf(learned.get(term), snapshot)]));
  }

  #remembered({ storeAge, stored }: PendingSnapshot): RecentMap<string, Learned> {
    const changed = Math.abs(stored - this.#stored) > tolerableChange * this.#stored;
    if (changed || storeAge !== this.#storeAge) {
      this.#learned = new RecentMap(rememberedTerms);
      this.#storeAge = storeAge;
      this.#stored = stored;
    }
    return this.#learned;
  }

  async #probe(terms: readonly string[], snapshot: PendingSnapshot): Promise<ReadonlyMap<string, Learned>> {
    const ask = (term: string) => this.#store.searchText([{ term, weight: 1 }], { limit: countedChunks });
    const found = await Promise.all(terms.map(async (term) => ({ term, hits: await ask(term) })));
    const best = found.flatMap(({ hits }) => (hits.length < countedChunks ? [] : (hits[0]?.id ?? [])));
    const records = new Map((await this.#store.read([...new Set(best)])).map((record) => [record.id, record]));
    return new Map(
      found.flatMap(({ term, hits }): [string, Learned][] => {
        if (hits.length < countedChunks) return [[term, { chunks: hits }]];
        const rarity = rarityOf(term, { hit: hits[0], records, snapshot });
        // The chunk has been replaced since it was found: the next search asks again.
        return rarity === null ? [] : [[term, { rarity }]];
      }),
    );
  }
}

interface Found {
  readonly hit: StoreHit | undefined;
  readonly records: ReadonlyMap<number, ChunkRecord>;
  readonly snapshot: PendingSnapshot;
}

/** Solves a chunk's score for the rarity of the only term that it was found by. */
function rarityOf(term: string, { hit, records, snapshot: { totals } }: Found): number | null {
  const record = hit && records.get(hit.id);
  if (record === undefined) return null;
  const terms = record.terms.split(' ').filter((word) => word !== '');
  const frequency = terms.filter((word) => word === term).length;
  if (frequency === 0) return null;
  return hit!.score / saturation({ frequency, length: terms.length, meanLength: totals.terms / totals.chunks });
}

function countOf(learned: Learned | undefined, snapshot: PendingSnapshot): number {
  if (learned === undefined) return countedChunks;
  if ('rarity' in learned) return countOfRarity(snapshot.stored, learned.rarity);
  return learned.chunks.filter((chunk) => !isReplaced(chunk, snapshot)).length;
}

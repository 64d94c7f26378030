import type { QueryTerm, StoreHit } from '../../../src/core/vector-store.ts';
import type { HashEmbedder } from '../hash-embedder.ts';
import { place } from './export-index.ts';
import type { TestIndex } from './open-index.ts';
import { Random } from './random.ts';

const searches = 50;
const words = [
  'parcel',
  'ledger',
  'rout',
  'signal',
  'harbour',
  'window',
  'quota',
  'frame',
  'lantern',
  'orbit',
  'handl',
  'return',
];

/**
 * Compares 50 random searches of two indexes of the same files, by words and by vectors. Numbers of chunks tell in which
 * order files were recorded, so chunks are compared by path and lines, and those of one score in any order.
 */
export async function sameSearches(left: TestIndex, right: TestIndex, embedder: HashEmbedder): Promise<string> {
  const random = new Random(searches);
  for (let at = 0; at < searches; at++) {
    const terms = Array.from({ length: 1 + random.below(3) }, () => ({
      term: random.pick(words),
      weight: 1 + random.below(2),
    }));
    const [one, other] = [await search(left, terms, embedder), await search(right, terms, embedder)];
    const same = JSON.stringify(one) === JSON.stringify(other);
    if (!same)
      return `search for ${terms.map(({ term }) => term).join(' ')}:\nlive ${one.join(' | ')}\nfresh ${other.join(' | ')}`;
  }
  return '';
}

async function search({ store }: TestIndex, terms: readonly QueryTerm[], embedder: HashEmbedder): Promise<string[]> {
  const vector = await embedder.embedQuery(terms.map(({ term }) => term).join(' '));
  const found = [await store.searchText(terms, { limit: 1000 }), await store.searchVector(vector, { limit: 1000 })];
  return found.flatMap((hits) => hits.map(described).toSorted());
}

/** Sorts by score, then by place. */
function described(hit: StoreHit): string {
  return `${(100 - hit.score).toFixed(3)} ${place(hit)}`;
}

import type { CatalogueReader } from '../core/catalogue.ts';
import type { Embedder } from '../core/embedding.ts';
import { RecentMap } from '../core/gateway/recent-map.ts';
import type { QueryTerm, SearchOptions, StoreHit, VectorStore } from '../core/vector-store.ts';
import type { SearchableProject } from './gather.ts';

/** A question has two lists of 150 hits, some 60 KB; who decides and who searches ask within the same second. */
const rememberedLists = 64;
const rememberedVectors = 256;

/**
 * The project with a store that remembers the last lists it found, for as long as nobody changes the index: deciding whether a
 * question needs the project asks for the same lists as searching for it afterwards. Requests at the same time share one search.
 */
export function rememberSearches<Project extends SearchableProject>(project: Project): Project {
  return { ...project, store: new RememberingStore(project) };
}

/** An embedder that remembers the vectors of the last questions. */
export function rememberVectors(embedder: Embedder): Embedder {
  const vectors = new RecentMap<string, Float32Array>(rememberedVectors);
  return {
    ...(embedder.threads !== undefined && { threads: embedder.threads }),
    ...(embedder.close !== undefined && { close: () => embedder.close?.() }),
    identity: (signal) => embedder.identity(signal),
    embedDocuments: (texts, signal) => embedder.embedDocuments(texts, signal),
    embedQuery: async (text, signal) => {
      const before = vectors.get(text);
      if (before !== undefined) return before;
      const vector = await embedder.embedQuery(text, signal);
      vectors.set(text, vector);
      return vector;
    },
  };
}

class RememberingStore implements VectorStore {
  readonly #store: VectorStore;
  readonly #catalogue: CatalogueReader;
  readonly #lists = new RecentMap<string, Promise<readonly StoreHit[]>>(rememberedLists);

  constructor({ store, catalogue }: SearchableProject) {
    this.#store = store;
    this.#catalogue = catalogue;
  }

  searchText(terms: readonly QueryTerm[], options: SearchOptions): Promise<readonly StoreHit[]> {
    const search = (): Promise<readonly StoreHit[]> => this.#store.searchText(terms, options);
    return isNarrow(options) ? search() : this.#remember(JSON.stringify([terms, options]), search);
  }

  searchVector(vector: Float32Array, options: SearchOptions): Promise<readonly StoreHit[]> {
    const search = (): Promise<readonly StoreHit[]> => this.#store.searchVector(vector, options);
    if (isNarrow(options)) return search();
    const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
    return this.#remember(`${bytes.toString('latin1')} ${JSON.stringify(options)}`, search);
  }

  write: VectorStore['write'] = (batch) => this.#store.write(batch);
  optimize: VectorStore['optimize'] = () => this.#store.optimize();
  read: VectorStore['read'] = (ids) => this.#store.read(ids);
  contents: VectorStore['contents'] = (ids) => this.#store.contents(ids);
  outline: VectorStore['outline'] = (ids) => this.#store.outline(ids);
  inventory: VectorStore['inventory'] = () => this.#store.inventory();
  close: VectorStore['close'] = () => this.#store.close();

  #remember(asked: string, search: () => Promise<readonly StoreHit[]>): Promise<readonly StoreHit[]> {
    const key = `${this.#catalogue.revision()} ${asked}`;
    const before = this.#lists.get(key);
    if (before !== undefined) return before;
    const found = search();
    this.#lists.set(key, found);
    // A failure says nothing about the next search.
    found.catch(() => this.#lists.delete(key));
    return found;
  }
}

/** A search in some files is not repeated by the decision, and their list may be long. */
function isNarrow({ filter }: SearchOptions): boolean {
  return filter?.files !== undefined;
}

import type { CatalogueReader } from '../core/catalogue.ts';
import { RecentMap } from '../core/gateway/recent-map.ts';
import type { QueryTerm, SearchOptions, StoreHit, VectorStore } from '../core/vector-store.ts';
import type { SearchableProject } from './gather.ts';

/** A list of 150 hits takes some 30 KB. */
const remembered = 64;

/**
 * The project with a store that remembers what full text found for the last questions, for as long as nobody changes the index:
 * a question that is asked again finds the same. Requests at the same time share one search.
 */
export function rememberSearches<Project extends SearchableProject>(project: Project): Project {
  return { ...project, store: new RememberingStore(project) };
}

class RememberingStore implements VectorStore {
  readonly #store: VectorStore;
  readonly #catalogue: CatalogueReader;
  readonly #lists = new RecentMap<string, Promise<readonly StoreHit[]>>(remembered);

  constructor({ store, catalogue }: SearchableProject) {
    this.#store = store;
    this.#catalogue = catalogue;
  }

  searchText(terms: readonly QueryTerm[], options: SearchOptions): Promise<readonly StoreHit[]> {
    // The list of some files alone may be long, and is seldom asked for again.
    if (options.filter?.files !== undefined) return this.#store.searchText(terms, options);
    const key = JSON.stringify([this.#catalogue.revision(), terms, options]);
    const before = this.#lists.get(key);
    if (before !== undefined) return before;
    const found = this.#store.searchText(terms, options);
    this.#lists.set(key, found);
    // A failure says nothing about the next search.
    found.catch(() => this.#lists.delete(key));
    return found;
  }

  searchVector: VectorStore['searchVector'] = (vector, options) => this.#store.searchVector(vector, options);
  write: VectorStore['write'] = (batch) => this.#store.write(batch);
  optimize: VectorStore['optimize'] = () => this.#store.optimize();
  read: VectorStore['read'] = (ids) => this.#store.read(ids);
  contents: VectorStore['contents'] = (ids) => this.#store.contents(ids);
  outline: VectorStore['outline'] = (ids) => this.#store.outline(ids);
  inventory: VectorStore['inventory'] = () => this.#store.inventory();
  close: VectorStore['close'] = () => this.#store.close();
}

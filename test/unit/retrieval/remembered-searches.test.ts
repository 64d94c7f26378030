import { expect, it } from 'vitest';
import type { CatalogueReader } from '../../../src/core/catalogue.ts';
import { rememberSearches } from '../../../src/retrieval/remembered-searches.ts';
import { MemoryStore } from '../../../src/store/memory-store.ts';

const options = { limit: 5, filter: {} };
const terms = [{ term: 'limit', weight: 1 }];

class CountingStore extends MemoryStore {
  searches = 0;
  fails = false;

  override async searchText(...asked: Parameters<MemoryStore['searchText']>): ReturnType<MemoryStore['searchText']> {
    this.searches++;
    if (this.fails) throw new Error('disk');
    return super.searchText(...asked);
  }
}

function remembering() {
  const store = new CountingStore();
  const state = { revision: 1 };
  const catalogue = { revision: () => state.revision } as CatalogueReader;
  return { store, state, project: rememberSearches({ name: 'desk', store, catalogue }) };
}

it('asks the store once for the same search, also at the same time', async () => {
  const { store, project } = remembering();
  await Promise.all([project.store.searchText(terms, options), project.store.searchText([...terms], { ...options })]);
  await project.store.searchText(terms, options);
  expect(store.searches).toBe(1);
});

it('asks again for other terms, another limit, and in some files alone', async () => {
  const { store, project } = remembering();
  await project.store.searchText(terms, options);
  await project.store.searchText([{ term: 'other', weight: 1 }], options);
  await project.store.searchText(terms, { ...options, limit: 6 });
  for (let time = 0; time < 2; time++) await project.store.searchText(terms, { limit: 5, filter: { files: [1] } });
  expect(store.searches).toBe(5);
});

it('asks again when the index has changed', async () => {
  const { store, state, project } = remembering();
  await project.store.searchText(terms, options);
  state.revision++;
  await project.store.searchText(terms, options);
  expect(store.searches).toBe(2);
});

it('does not remember a failure', async () => {
  const { store, project } = remembering();
  store.fails = true;
  await expect(project.store.searchText(terms, options)).rejects.toThrow('disk');
  store.fails = false;
  await expect(project.store.searchText(terms, options)).resolves.toEqual([]);
});

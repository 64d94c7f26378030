import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gather, type SearchableProject } from '../../../../src/retrieval/gather.ts';
import { analyseQuestion } from '../../../../src/retrieval/query-analysis.ts';
import { openIndex, openIndexForWriting } from '../../../../src/store/index-folder.ts';
import { type StoreChild, startStoreChild } from '../../../support/child.ts';
import { churned } from '../../../support/churn.ts';
import { indexedFile } from '../../../support/indexed-file.ts';

let folder: string;
let child: StoreChild | null;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'lorekeep-overlay-')), 'index');
  child = null;
});
afterEach(async () => {
  if (child !== null && child.process.exitCode === null) await child.kill('SIGKILL');
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

/** More commits than 50 changes and 10 batches make. */
const enoughRevisions = 120;
const maxSearches = 20_000;

describe('a reader beside a writer in another process', () => {
  test('finds what is recorded in the very next search, before and after it reaches the store', async () => {
    const writer = startStoreChild('journal', folder);
    child = writer;
    expect(await writer.line()).toBe('ready');
    const tell = async (request: object): Promise<void> => {
      writer.process.stdin.write(`${JSON.stringify(request)}\n`);
      expect(await writer.line()).toBe('done');
    };
    const reader = openIndex(folder);
    const find = async (...terms: string[]): Promise<string[]> => {
      const asked = terms.map((term) => ({ term, weight: 1 }));
      const hits = await reader.store.searchText(asked, { limit: 10 });
      const contents = await reader.store.contents(hits.map(({ id }) => id));
      return hits.map(({ id, path }) => `${path}: ${contents.get(id)?.text.trim()}`).toSorted();
    };

    expect(await find('alpha')).toEqual([]);
    await tell({ record: [{ path: 'a.ts', lines: ['alpha one', 'beta'] }] });
    expect(await find('alpha')).toEqual(['a.ts: alpha one']);
    expect(await reader.store.inventory()).toEqual([]);
    await tell({ bring: true });
    expect(await find('alpha')).toEqual(['a.ts: alpha one']);
    expect(await reader.store.inventory()).toMatchObject([{ generation: 1, rows: 2 }]);
    await tell({
      record: [
        { path: 'a.ts', lines: ['gamma'] },
        { path: 'b.ts', lines: ['beta beta'] },
      ],
    });
    expect(await find('alpha', 'beta', 'gamma')).toEqual(['a.ts: gamma', 'b.ts: beta beta']);
    expect(await reader.store.inventory()).toMatchObject([{ generation: 1, rows: 2 }]);
    await tell({ remove: ['a.ts'] });
    expect(await find('alpha', 'beta', 'gamma')).toEqual(['b.ts: beta beta']);
    await tell({ bring: true });
    expect(await find('alpha', 'beta', 'gamma')).toEqual(['b.ts: beta beta']);
    await reader.close();
  });

  test('each search finds every file whole, in one generation, none older than when it began (seed 5)', async () => {
    const writer = startStoreChild('churn', folder, '5');
    child = writer;
    expect(await writer.line()).toBe('ready');
    const index = openIndex(folder);
    const exceptions: string[] = [];
    const revisions = new Set<number>();
    // As long as it takes the writer to change enough: on a busy machine it may be a second behind.
    for (let search = 0; search < 300 || (revisions.size < enoughRevisions && search < maxSearches); search++) {
      revisions.add(index.catalogue.revision());
      exceptions.push(...(await searchOnce({ name: 'churned', ...index })).map((what) => `search ${search}: ${what}`));
    }
    writer.process.stdin.end();
    const { changes, batches } = JSON.parse(await writer.line()) as { changes: number; batches: number };
    await index.close();
    expect(exceptions).toEqual([]);
    expect(changes).toBeGreaterThan(50);
    expect(batches).toBeGreaterThan(10);
  });
});

describe('a reader in the process of the writer', () => {
  test('finds what is recorded in the very next search', async () => {
    const index = await openIndexForWriting(folder, null);
    const readers = [openIndex(folder), openIndex(folder)];
    const find = (term: string) =>
      Promise.all(
        readers.map(async ({ store }) => {
          const hits = await store.searchText([{ term, weight: 1 }], { limit: 5 });
          return hits.map(({ path, generation }) => `${path} ${generation}`);
        }),
      );
    index.writer.record([indexedFile('a.ts', ['alpha'])]);
    expect(await find('alpha')).toEqual([['a.ts 1'], ['a.ts 1']]);
    expect(await index.store.searchText([{ term: 'alpha', weight: 1 }], { limit: 5 })).toEqual([]);
    index.writer.record([indexedFile('a.ts', ['alpha two'])]);
    expect(await find('alpha')).toEqual([['a.ts 2'], ['a.ts 2']]);
    await Promise.all([...readers, index].map((open) => open.close()));
  });
});

/** What is wrong with one search; nothing should be. */
async function searchOnce(project: SearchableProject): Promise<readonly string[]> {
  const { catalogue } = project;
  const before = catalogue.generations(catalogue.paths().map(({ file }) => file));
  const { lexical } = await gather(project, { query: analyseQuestion('common'), vector: null, filter: {} });
  const byFile = Map.groupBy(lexical, ({ file }) => file);
  const after = catalogue.generations([...before.keys()]);
  return [...before].flatMap(([file, generation]) => {
    const hits = byFile.get(file) ?? [];
    if (hits.length === 0 && !after.has(file)) return [];
    const generations = [...new Set(hits.map((hit) => hit.generation))];
    const found = `file ${file} of generation ${generation}: ${hits.length} chunks of generations ${generations.join()}`;
    const isWhole = new Set(hits.map(({ id }) => id)).size === churned.chunks && hits.length === churned.chunks;
    return isWhole && generations.length === 1 && generations[0]! >= generation ? [] : [found];
  });
}

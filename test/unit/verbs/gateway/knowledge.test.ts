import { expect, test } from 'vitest';
import type { Retriever, SearchResult } from '../../../../src/core/retrieval.ts';
import type { Route } from '../../../../src/core/gateway/route.ts';
import { ProjectKnowledge } from '../../../../src/verbs/gateway/evidence/knowledge.ts';
import type { ServedIndex } from '../../../../src/verbs/gateway/evidence/knowledge.ts';

const nothing: SearchResult = { hits: [], mode: 'hybrid', notices: [] };
const request = { question: 'where are sessions opened?', limit: 3 };

/** An index that has only what the memory of a project looks at. */
function indexOf(route: () => Promise<Route>): ServedIndex {
  return { name: 'shop', catalogue: { revision: () => 1 }, router: { route } } as unknown as ServedIndex;
}

test('whoever asks the same meanwhile is not stopped with the one who asked first', async () => {
  const gate = Promise.withResolvers<void>();
  const route: Route = { kind: 'hybrid', reason: 'It fits.', confidence: 1, files: [] };
  let searches = 0;
  const retriever: Retriever = {
    async search(_request, signal) {
      searches += 1;
      await gate.promise;
      signal?.throwIfAborted();
      return nothing;
    },
  };
  const knowledge = new ProjectKnowledge([indexOf(() => gate.promise.then(() => route))], retriever);
  const client = new AbortController();
  const stopped = [
    knowledge.search(request, client.signal),
    knowledge.decide({ question: 'a', history: [] }, client.signal),
  ];
  const waiting = [knowledge.search(request), knowledge.decide({ question: 'a', history: [] })];
  client.abort();
  for (const one of stopped) await expect(one).rejects.toMatchObject({ code: 'aborted' });
  gate.resolve();
  expect(await Promise.all(waiting)).toEqual([nothing, { route, projects: ['shop'] }]);
  expect(searches).toBe(1);
});

test('a failure is not remembered', async () => {
  let searches = 0;
  const retriever: Retriever = {
    async search() {
      searches += 1;
      if (searches === 1) throw new Error('The disk is gone.');
      return nothing;
    },
  };
  const knowledge = new ProjectKnowledge([indexOf(() => Promise.reject(new Error('no')))], retriever);
  await expect(knowledge.search(request)).rejects.toThrow('The disk is gone.');
  expect(await knowledge.search(request)).toBe(nothing);
});

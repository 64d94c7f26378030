import type { Embedder } from '../../src/core/embedding.ts';
import type { Retriever } from '../../src/core/retrieval.ts';
import type { VectorStore } from '../../src/core/vector-store.ts';

/** So many chunks are looked at for one request's files. */
const chunksLookedAt = 400;

/** What an embedder finds by itself: the best chunk of each file by cosine, without full text, symbols and ranking. */
export function embedderAlone(embedder: Embedder, store: VectorStore): Retriever {
  return {
    async search({ question, limit }) {
      const vector = await embedder.embedQuery(question);
      const byFile = new Map<number, Awaited<ReturnType<VectorStore['searchVector']>>[number]>();
      for (const hit of await store.searchVector(vector, { limit: chunksLookedAt })) {
        if (!byFile.has(hit.file)) byFile.set(hit.file, hit);
      }
      const best = [...byFile.values()].slice(0, limit);
      const contents = await store.contents(best.map(({ id }) => id));
      const hits = best.map(({ id, ...hit }) => {
        const text = contents.get(id)?.text ?? '';
        return { ...hit, project: '', text, context: [], signals: [{ signal: 'dense', value: hit.score }] };
      });
      return { hits, mode: 'hybrid', notices: [] };
    },
  };
}

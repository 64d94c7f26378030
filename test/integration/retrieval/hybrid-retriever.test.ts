import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServiceError } from '../../../src/core/errors.ts';
import { createRetriever } from '../../../src/retrieval/hybrid-retriever.ts';
import type { SearchableProject } from '../../../src/retrieval/gather.ts';
import { type BenchIndex, openBenchIndex } from '../../bench/open-bench-index.ts';
import { HashEmbedder } from '../../support/hash-embedder.ts';

const folder = fileURLToPath(new URL('../../fixtures/projects/parcel-desk', import.meta.url));
const embedder = new HashEmbedder();

let bench: BenchIndex;
let project: SearchableProject;

beforeAll(async () => {
  bench = await openBenchIndex(folder, { embedder });
  project = { name: 'desk', catalogue: bench.index.catalogue, store: bench.index.store };
}, 120_000);

afterAll(() => bench.close());

const lexical = () => createRetriever({ projects: [project], embedder: null });
const hybrid = () => createRetriever({ projects: [project], embedder });

describe('a search over a real index', () => {
  it('finds the definition with its exact text and place', async () => {
    const { hits, mode } = await lexical().search({ question: 'RateLimiter', limit: 3 });
    expect(mode).toBe('lexical');
    expect(hits[0]).toMatchObject({ project: 'desk', path: 'api/src/rate-limiter.ts', language: 'typescript' });
    expect(hits[0]?.text).toContain('export class RateLimiter');
    expect(hits[0]?.signals.map(({ signal }) => signal)).toContain('definition');
  });

  it('uses vectors where there are some', async () => {
    const { hits, mode, notices } = await hybrid().search({ question: 'weekend surcharge', limit: 3 });
    expect([mode, notices]).toEqual(['hybrid', []]);
    expect(hits[0]?.path).toBe('pricing/tariff.py');
    expect(hits[0]?.signals.map(({ signal }) => signal)).toContain('dense');
  });

  it('gives at most as many hits as asked for, best first', async () => {
    const { hits } = await lexical().search({ question: 'parcel', limit: 4 });
    expect(hits).toHaveLength(4);
    expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).toSorted((a, b) => b - a));
  });

  it.each([
    ['*.go', /\.go$/],
    ['pricing/**', /^pricing\//],
    ['./pricing/*.py', /^pricing\//],
    ['**/auth/*', /\/auth\//],
  ])('stays within --path %s', async (path, allowed) => {
    const { hits } = await hybrid().search({ question: 'parcel weight password label', limit: 50, path });
    expect(hits.length).toBeGreaterThan(0);
    for (const hit of hits) expect(hit.path).toMatch(allowed);
  });

  it('stays within a language, also for definitions found by name', async () => {
    const { hits } = await lexical().search({ question: 'Ledger', limit: 50, language: 'python' });
    for (const hit of hits) expect(hit.language).toBe('python');
  });

  it('finds nothing where no file matches', async () => {
    const { hits } = await hybrid().search({ question: 'parcel', limit: 5, path: 'no/such/folder/**' });
    expect(hits).toEqual([]);
  });

  it('searches by words and says so when the embedder does not answer', async () => {
    const broken = Object.assign(new HashEmbedder(), {
      embedQuery: () => Promise.reject(new ServiceError('model_unavailable', 'No model server answers.')),
    });
    const retriever = createRetriever({ projects: [project], embedder: broken });
    const { hits, mode, notices } = await retriever.search({ question: 'weekend surcharge', limit: 3 });
    expect(mode).toBe('lexical');
    expect(notices.join()).toContain('No model server answers.');
    expect(hits[0]?.path).toBe('pricing/tariff.py');
  });

  it('drops chunks of a generation that is no longer served', async () => {
    const catalogue = new Proxy(bench.index.catalogue, {
      get(target, name) {
        if (name === 'generations') return () => new Map();
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const retriever = createRetriever({ projects: [{ ...project, catalogue }], embedder });
    await expect(retriever.search({ question: 'parcel', limit: 5 })).resolves.toMatchObject({ hits: [] });
  });

  it('says that it read only the beginning of an endless question', async () => {
    const { notices } = await lexical().search({ question: `parcel ${'weight '.repeat(1000)}`, limit: 3 });
    expect(notices.join()).toContain('first 4000 characters');
  });

  it('ranks several projects together and keeps them apart', async () => {
    const twin = { ...project, name: 'twin' };
    const { hits } = await createRetriever({ projects: [project, twin], embedder: null }).search({
      question: 'SessionStore',
      limit: 2,
    });
    expect(hits.map((hit) => [hit.project, hit.path])).toEqual([
      ['desk', 'api/src/auth/session-store.ts'],
      ['twin', 'api/src/auth/session-store.ts'],
    ]);
  });

  it('refuses an empty question and stops when told to', async () => {
    await expect(lexical().search({ question: ' ', limit: 5 })).rejects.toMatchObject({ code: 'request_invalid' });
    await expect(lexical().search({ question: 'parcel', limit: 5 }, AbortSignal.abort())).rejects.toThrow(/abort/i);
  });

  it.each(['"unclosed', '***', '((((', 'a'.repeat(20_000), '\u0000\u0001', "'; DROP TABLE chunk; --"])(
    'survives the question %#',
    async (question) => {
      await expect(hybrid().search({ question, limit: 3 })).resolves.toBeDefined();
    },
  );
});

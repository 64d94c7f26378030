import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabelledQuestion } from '../../src/core/relevance.ts';
import { createRetriever } from '../../src/retrieval/hybrid-retriever.ts';
import { mean, ndcg, ranksOf, reciprocalRank } from '../../src/retrieval/metrics.ts';
import { openBenchIndex, type BenchIndex } from '../bench/open-bench-index.ts';

const project = fileURLToPath(new URL('../fixtures/projects/parcel-desk', import.meta.url));
const questionsFile = new URL('questions.jsonl', import.meta.url);
const goldenFile = new URL('golden-ranks.json', import.meta.url);

/** Floors that only rise: a change that lowers the mean is not an improvement, whatever it does to one question. */
const floors = { ndcg: 0.96, reciprocalRank: 0.95 };

/** Rank of each target in the first ten, null where it is not there. */
type GoldenRanks = Readonly<Record<string, readonly (number | null)[]>>;

let bench: BenchIndex;
let ranks: GoldenRanks;

beforeAll(async () => {
  bench = await openBenchIndex(project, { embedder: null });
  const { catalogue, store } = bench.index;
  const retriever = createRetriever({ projects: [{ name: 'parcel-desk', catalogue, store }], embedder: null });
  const found: Record<string, (number | null)[]> = {};
  for (const { query, relevant } of readQuestions()) {
    const { hits } = await retriever.search({ question: query, limit: 10 });
    found[query] = ranksOf(hits, relevant);
  }
  ranks = found;
}, 120_000);

afterAll(() => bench.close());

describe('ranks of labelled questions', () => {
  it('are those that were last looked at and accepted', () => {
    expect(ranks).toEqual(JSON.parse(readFileSync(goldenFile, 'utf8')));
  });

  it('stay above the floors', () => {
    expect(mean(Object.values(ranks).map((found) => ndcg(found)))).toBeGreaterThanOrEqual(floors.ndcg);
    expect(mean(Object.values(ranks).map(reciprocalRank))).toBeGreaterThanOrEqual(floors.reciprocalRank);
  });
});

function readQuestions(): LabelledQuestion[] {
  const lines = readFileSync(questionsFile, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as LabelledQuestion);
}

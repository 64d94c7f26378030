import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Embedder } from '../../src/core/embedding.ts';
import { candidatesOf, gather } from '../../src/retrieval/gather.ts';
import { analyseQuestion } from '../../src/retrieval/query-analysis.ts';
import { rankByRules } from '../../src/retrieval/rank.ts';
import { featureNames, rankingFeatures } from '../../src/retrieval/ranking-features.ts';
import { pathRarity } from '../../src/retrieval/rarity.ts';
import { isCode } from './code-files.ts';
import { type LabelledQuery, readQueries } from './labelled-query.ts';
import { type BenchIndex, openBenchIndex } from './open-bench-index.ts';

export interface BenchFeaturesOptions {
  readonly queries: string;
  /** Folder with one folder per repository. */
  readonly repos: string;
  readonly out: string;
  readonly embedder: Embedder;
}

/** So many of a question's candidates are written: more than are looked at, so that there is more to learn from. */
const rescored = 100;

/**
 * Writes what the learned ranking sees of each question: a first line with the names of the numbers, then one for each
 * question, `{repo, query, category, language, targets, rows: [[path, is a target, numbers]]}`.
 */
export async function benchFeatures(options: BenchFeaturesOptions): Promise<Record<string, unknown>> {
  const questions = readQueries(options.queries);
  const byPlace = Map.groupBy(questions, ({ repo = '', root = '' }) => join(options.repos, repo, root));
  const out = createWriteStream(options.out);
  out.write(`${JSON.stringify(featureNames)}\n`);
  for (const [folder, asked] of byPlace) {
    const bench = await openBenchIndex(folder, { embedder: options.embedder, accepts: isCode });
    for (const question of asked) out.write(`${JSON.stringify(await featuresOf(question, bench, options.embedder))}\n`);
    await bench.close();
  }
  await new Promise<void>((resolve) => out.end(resolve));
  return { repositories: byPlace.size, questions: questions.length, out: options.out };
}

async function featuresOf(question: LabelledQuery, { index }: BenchIndex, embedder: Embedder): Promise<object> {
  const { repo = '', root = '', relevant = [], ...rest } = question;
  const query = analyseQuestion(question.query);
  const vector = await embedder.embedQuery(query.question);
  const project = { name: repo, catalogue: index.catalogue, store: index.store };
  const candidates = candidatesOf([await gather(project, { query, vector, filter: {} })]);
  const rarity = pathRarity(query.words, [project]);
  const ruled = rankByRules({ query, candidates, rarity, hybrid: true, learned: false }).slice(0, rescored);
  const targets = new Set(relevant.map(({ path }) => path));
  const numbers = rankingFeatures(query, ruled);
  const rows = ruled.map(({ candidate }, at) => {
    const path = root === '' ? candidate.hit.path : `${root}/${candidate.hit.path}`;
    return [path, targets.has(path) ? 1 : 0, numbers[at]?.map((value) => Number(value.toPrecision(6)))];
  });
  return { ...rest, repo, targets: targets.size, rows };
}

import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Hit } from '../../src/core/retrieval.ts';
import { createRetriever } from '../../src/retrieval/hybrid-retriever.ts';
import { mean, resultTokens } from '../../src/retrieval/metrics.ts';
import { benchEmbedder } from './bench-embedder.ts';
import { embedderAlone } from './embedder-alone.ts';
import { isCode } from './code-files.ts';
import { type LabelledQuery, readQueries } from './labelled-query.ts';
import { openBenchIndex } from './open-bench-index.ts';
import { percentile } from './percentile.ts';

export interface BenchRelevanceOptions {
  readonly queries: string;
  /** Folder with one folder per repository. */
  readonly repos: string;
  /** Run file to write, one line per question. */
  readonly out: string;
  /** Indexes documentation and data too, not only code. */
  readonly everything: boolean;
  readonly embedder: string;
  /** Asks the embedder alone, without full text, symbols and ranking. */
  readonly alone: boolean;
}

const resultLimit = 100;

/** Answers every question on an index of its repository and writes what was found. */
export async function benchRelevance(options: BenchRelevanceOptions): Promise<Record<string, unknown>> {
  const byPlace = Map.groupBy(readQueries(options.queries), ({ repo = '', root = '' }) =>
    join(options.repos, repo, root),
  );
  const out = createWriteStream(options.out);
  const times: number[] = [];
  let chunks = 0;
  for (const [folder, questions] of byPlace) {
    const searched = await searchRepository(folder, questions, options);
    for (const line of searched.lines) out.write(`${JSON.stringify(line)}\n`);
    times.push(...searched.lines.map(({ latencyMs }) => latencyMs));
    chunks += searched.chunks;
  }
  await new Promise<void>((resolve) => out.end(resolve));
  return {
    repositories: byPlace.size,
    questions: times.length,
    chunks,
    meanMs: mean(times),
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    out: options.out,
  };
}

interface RunLine {
  readonly repo: string | undefined;
  readonly query: string;
  readonly results: readonly { path: string; startLine: number; endLine: number; tokens: number }[];
  readonly latencyMs: number;
}

async function searchRepository(
  folder: string,
  questions: readonly LabelledQuery[],
  { everything, embedder: name, alone }: BenchRelevanceOptions,
): Promise<{ chunks: number; lines: RunLine[] }> {
  const embedder = benchEmbedder(name);
  const bench = await openBenchIndex(folder, { embedder, ...(!everything && { accepts: isCode }) });
  const { catalogue, store } = bench.index;
  const projects = [{ name: questions[0]?.repo ?? '', catalogue, store }];
  const retriever = alone && embedder ? embedderAlone(embedder, store) : createRetriever({ projects, embedder });
  const lines: RunLine[] = [];
  for (const { query, repo } of questions) {
    const start = performance.now();
    const { hits } = await retriever.search({ question: query, limit: resultLimit });
    lines.push({ repo, query, results: hits.map(resultOf), latencyMs: performance.now() - start });
  }
  await bench.close();
  return { chunks: bench.report.chunks, lines };
}

function resultOf(hit: Hit): RunLine['results'][number] {
  const { path, startLine, endLine } = hit;
  return { path, startLine, endLine, tokens: resultTokens(hit) };
}

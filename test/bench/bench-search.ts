import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRetriever } from '../../src/retrieval/hybrid-retriever.ts';
import { benchEmbedder } from './bench-embedder.ts';
import { readQueries } from './labelled-query.ts';
import { openBenchIndex } from './open-bench-index.ts';
import { percentile } from './percentile.ts';

export interface BenchSearchOptions {
  readonly folder: string;
  readonly queries: string;
  readonly embedder: string;
}

const limit = 10;
const warmUps = 20;
const processRuns = 15;
const launcher = fileURLToPath(new URL('../../src/lorekeep.cjs', import.meta.url));

/** Latency of searches inside one process, and of a whole fresh process, in milliseconds. */
export async function benchSearch(options: BenchSearchOptions): Promise<Record<string, unknown>> {
  const questions = readQueries(options.queries).map(({ query }) => query);
  const inside = await insideProcess(options, questions);
  const fresh = freshProcesses(options, questions);
  return {
    chunks: inside.chunks,
    questions: questions.length,
    p50Ms: percentile(inside.times, 0.5),
    p95Ms: percentile(inside.times, 0.95),
    freshProcessP50Ms: percentile(fresh.direct, 0.5),
    freshProcessP95Ms: percentile(fresh.direct, 0.95),
    freshThroughNpmP50Ms: percentile(fresh.throughNpm, 0.5),
    freshThroughNpmP95Ms: percentile(fresh.throughNpm, 0.95),
  };
}

async function insideProcess(
  { folder, embedder: name }: BenchSearchOptions,
  questions: readonly string[],
): Promise<{ chunks: number; times: number[] }> {
  const embedder = benchEmbedder(name);
  const bench = await openBenchIndex(folder, { embedder });
  const { catalogue, store } = bench.index;
  const retriever = createRetriever({ projects: [{ name: 'bench', catalogue, store }], embedder });
  const times: number[] = [];
  for (const question of [...questions.slice(0, warmUps), ...questions]) {
    const start = performance.now();
    await retriever.search({ question, limit });
    times.push(performance.now() - start);
  }
  await bench.close();
  return { chunks: bench.report.chunks, times: times.slice(Math.min(warmUps, questions.length)) };
}

/** Runs the command line as a person would: once by its launcher, once through npm. */
function freshProcesses(
  { folder }: BenchSearchOptions,
  questions: readonly string[],
): { direct: number[]; throughNpm: number[] } {
  const data = mkdtempSync(join(tmpdir(), 'lorekeep-bench-'));
  const place = ['--project', folder, '--data', data];
  run('node', [launcher, 'index', folder, '--data', data, '--json']);
  const some = Array.from({ length: processRuns }, (_, index) => questions[index % questions.length] ?? '');
  const direct = some.map((question) => run('node', [launcher, 'search', question, '--json', ...place]));
  const throughNpm = some.map((question) =>
    run('npm', ['run', '-s', 'lorekeep', '--', 'search', question, '--json', ...place]),
  );
  rmSync(data, { recursive: true, force: true });
  return { direct: direct.slice(1), throughNpm: throughNpm.slice(1) };
}

function run(command: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}

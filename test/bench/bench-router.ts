import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Embedder } from '../../src/core/embedding.ts';
import type { RouteKind } from '../../src/core/route.ts';
import { SignalRouter } from '../../src/retrieval/routing/query-router.ts';
import { signalNames } from '../../src/retrieval/routing/route-signals.ts';
import { isCode } from './code-files.ts';
import { openBenchIndex } from './open-bench-index.ts';
import { percentile } from './percentile.ts';

export interface BenchRouterOptions {
  /** Labelled messages (test/relevance/router). */
  readonly queries: string;
  /** Folder with one folder per project. */
  readonly repos: string;
  /** File for the signals of each message, undefined for none. */
  readonly out: string | undefined;
  readonly embedder: Embedder | null;
}

interface LabelledMessage {
  readonly project: string;
  readonly language: string;
  readonly label: 'project' | 'general';
  readonly route: RouteKind;
  readonly kind: string;
  readonly question: string;
  readonly history?: readonly string[];
}

interface Routed extends LabelledMessage {
  readonly decided: RouteKind;
  readonly signals: readonly number[];
  readonly ms: number;
}

/** Routes labelled messages; tells how often it is right, and how long it takes. */
export async function benchRouter(options: BenchRouterOptions): Promise<Record<string, unknown>> {
  const lines = readFileSync(options.queries, 'utf8').trim().split('\n');
  const messages = lines.map((line) => JSON.parse(line) as LabelledMessage);
  const routed: Routed[] = [];
  for (const [name, own] of Map.groupBy(messages, ({ project }) => project)) {
    routed.push(...(await routeAll(name, own, options)));
  }
  if (options.out !== undefined) writeSignals(options.out, routed);
  return report(routed);
}

async function routeAll(
  name: string,
  messages: readonly LabelledMessage[],
  options: BenchRouterOptions,
): Promise<Routed[]> {
  const { repos, embedder } = options;
  const bench = await openBenchIndex(join(repos, name), { embedder, accepts: isCode });
  const router = new SignalRouter({ project: { ...bench.index, name }, embedder });
  await router.decide({ question: 'warm up', history: [] });
  const routed: Routed[] = [];
  for (const message of messages) {
    const start = performance.now();
    const { route, signals } = await router.decide({ question: message.question, history: message.history ?? [] });
    routed.push({ ...message, decided: route.kind, signals, ms: performance.now() - start });
  }
  await bench.close();
  return routed;
}

function writeSignals(path: string, routed: readonly Routed[]): void {
  const out = createWriteStream(path);
  out.write(`${JSON.stringify(signalNames)}\n`);
  for (const { ms: _, ...message } of routed) out.write(`${JSON.stringify(message)}\n`);
  out.end();
}

function report(routed: readonly Routed[]): Record<string, unknown> {
  const retrieves = ({ decided }: Routed): boolean => decided !== 'none';
  const share = (some: readonly Routed[], test: (message: Routed) => boolean): number =>
    some.length === 0 ? 0 : some.filter(test).length / some.length;
  const general = routed.filter(({ label }) => label === 'general');
  const project = routed.filter(({ label }) => label === 'project');
  const balanced = (share(project, retrieves) + 1 - share(general, retrieves)) / 2;
  const times = routed.filter(({ history }) => history === undefined).map(({ ms }) => ms);
  const confusions = Object.groupBy(routed, ({ route, decided }) => `${route} as ${decided}`);
  return {
    messages: routed.length,
    balancedAccuracy: balanced,
    generalRetrieved: share(general, retrieves),
    projectMissed: 1 - share(project, retrieves),
    byKind: shares(routed, ({ kind }) => kind),
    byLanguage: shares(routed, ({ language }) => language),
    confusions: Object.fromEntries(Object.entries(confusions).map(([pair, some]) => [pair, some.length])),
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
  };
}

/** Share of right decisions, retrieve or not, by group. */
function shares(routed: readonly Routed[], groupOf: (message: Routed) => string): Record<string, number> {
  const groups = [...Map.groupBy(routed, groupOf)];
  const isRight = ({ label, decided }: Routed): boolean => (label === 'project') === (decided !== 'none');
  return Object.fromEntries(groups.map(([name, some]) => [name, some.filter(isRight).length / some.length]));
}

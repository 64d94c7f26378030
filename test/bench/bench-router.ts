import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Embedder } from '../../src/core/embedding.ts';
import { SignalRouter } from '../../src/retrieval/routing/query-router.ts';
import { openBenchIndex } from './open-bench-index.ts';
import { type LabelledMessage, type RoutedMessage, routerReport } from './router-report.ts';
import { writeSignals } from './router-signals.ts';

/** What is measured on. */
export interface BenchRouterOptions {
  /** Labelled messages (test/relevance/router). */
  readonly messages: string;
  /** Folder with one folder per project. */
  readonly repos: string;
  /** File for what the model is fitted to, undefined for none. */
  readonly out: string | undefined;
  /** Examples of wording that belong to no project; read for `out` only. */
  readonly wording: string;
  readonly embedder: Embedder | null;
}

/** Routes labelled messages; tells how often it is right, and how long it takes. Indexes whole projects, as the service does. */
export async function benchRouter(options: BenchRouterOptions): Promise<Record<string, unknown>> {
  const lines = readFileSync(options.messages, 'utf8').trim().split('\n');
  const messages = lines.map((line) => JSON.parse(line) as LabelledMessage);
  const routed: RoutedMessage[] = [];
  for (const [name, own] of Map.groupBy(messages, ({ project }) => project)) {
    routed.push(...(await routeAll(name, own, options)));
  }
  if (options.out !== undefined) writeSignals(options.out, routed, options.wording);
  return routerReport(routed);
}

async function routeAll(
  name: string,
  messages: readonly LabelledMessage[],
  { repos, embedder }: BenchRouterOptions,
): Promise<RoutedMessage[]> {
  const bench = await openBenchIndex(join(repos, name), { embedder });
  const router = new SignalRouter({ catalogue: bench.index.catalogue });
  router.decide({ question: 'warm up', history: [] });
  const routed: RoutedMessage[] = [];
  for (const message of messages) {
    const start = performance.now();
    const { question, history = [] } = message;
    const { route, ...from } = router.decide({ question, history });
    routed.push({ ...message, ...from, decided: route.kind, ms: performance.now() - start });
  }
  await bench.close();
  return routed;
}

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestTrace } from '../../core/gateway/trace.ts';
import type { GatewayGauges } from '../../verbs/gateway/gateway.ts';

/** Counts requests, for Prometheus. */
export interface Metrics {
  /** Counts a request that is over. */
  observe(trace: RequestTrace): void;
  /** All numbers in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** What the numbers of this moment are read from. */
export interface MetricSources {
  readonly version: string;
  readonly gauges: () => GatewayGauges;
  /** Requests being served. */
  readonly open: () => number;
}

const seconds = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** Metrics with a registry of their own. Labels have few values: patterns of routes, never paths, and models that answered. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addGauges(registry, sources);
  const { requests, errors, duration, firstToken, tokens, decisions, cache } = addCounters(registry);
  return {
    observe(trace) {
      const { method, route, status = 0, durationMs = 0 } = trace;
      // A client may write anything for a model that does not exist.
      const model = status < 400 ? (trace.model ?? '') : '';
      requests.inc({ method, route, status, model });
      duration.observe({ route }, durationMs / 1000);
      if (trace.error !== undefined) errors.inc({ code: trace.error });
      if (trace.decision !== undefined) decisions.inc({ decision: trace.decision });
      if (trace.cache !== undefined) cache.inc({ verdict: trace.cache });
      if (trace.firstByteMs !== undefined) firstToken.observe({ model }, trace.firstByteMs / 1000);
      if (trace.promptTokens !== undefined) tokens.inc({ model, direction: 'prompt' }, trace.promptTokens);
      if (trace.outputTokens !== undefined) tokens.inc({ model, direction: 'output' }, trace.outputTokens);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** What is counted as requests end. */
function addCounters(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> =>
    new Counter({ name: `lorekeep_${name}_total`, help, labelNames: [...labelNames], registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
  ): Histogram<Label> =>
    new Histogram({ name: `lorekeep_${name}_seconds`, help, labelNames: [...labelNames], buckets: seconds, registers });
  return {
    requests: counter('requests', 'Requests that are over.', ['method', 'route', 'status', 'model']),
    errors: counter('errors', 'Requests that failed, by the code of the error.', ['code']),
    decisions: counter('decisions', 'What was decided: to answer without the project, or how to look it up.', [
      'decision',
    ]),
    cache: counter('cache', 'Verdicts of the answer cache.', ['verdict']),
    tokens: counter('tokens', 'Tokens that models read and wrote.', ['model', 'direction']),
    duration: histogram('request_duration', 'Time from arrival to the end of the reply.', ['route']),
    firstToken: histogram('first_token', "Time from arrival to the model's first piece of an answer.", ['model']),
  };
}

function addGauges(registry: Registry, { version, gauges, open }: MetricSources): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number): void => {
    const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(read()) });
  };
  gauge('lorekeep_requests_open', 'Requests being served.', open);
  gauge('lorekeep_queue_length', 'Requests that wait for a model.', () => gauges().queued);
  gauge('lorekeep_generating', 'Answers that models are writing.', () => gauges().generating);
  gauge('lorekeep_cache_answers', 'Answers in the answer cache.', () => gauges().cacheAnswers);
  gauge('lorekeep_cache_bytes', 'Size of the answer cache.', () => gauges().cacheBytes);
  gauge('lorekeep_pending_files', 'Changed files that cannot be searched yet.', () => gauges().pendingFiles);
  gauge('lorekeep_watched_projects', 'Projects whose changes are seen at once.', () => gauges().watchedProjects);
  gauge(
    'lorekeep_compared_seconds_ago',
    'Age of the oldest comparison of a project with its index; NaN before it.',
    () => gauges().comparedSecondsAgo ?? Number.NaN,
  );
  const info = new Gauge({ name: 'lorekeep_info', help: 'Version of Lorekeep.', labelNames: ['version'], registers });
  info.set({ version }, 1);
}

import { percentile } from '../percentile.ts';
import { residentBytes, startChild } from './child-server.ts';
import { closedLoop, loadClient, openLoop, statusesOf } from './load.ts';
import type { Reply } from './load.ts';
import { startService } from './start-service.ts';
import type { BenchService, ServiceOptions } from './start-service.ts';

export interface BenchOverloadOptions extends ServiceOptions {
  /** How long the overload lasts. */
  readonly minutes: number;
  /** Requests that may wait in the service; undefined for what it has of itself. */
  readonly queueLength: number | undefined;
  readonly stubPort: number;
  readonly retrieve: 'auto' | 'never';
}

const connections = 2_000;

/** Ten times what two slots of 100 ms can do: whether the service stays small, quick to refuse, and fair to what it admits. */
export async function benchOverload(options: BenchOverloadOptions): Promise<Record<string, unknown>> {
  const stub = await startChild<{ readonly url: string }>(new URL('./stub-process.ts', import.meta.url), {
    delayMs: 100,
    slots: 2,
    port: options.stubPort,
  });
  const flags = options.queueLength === undefined ? [] : ['--queue-length', String(options.queueLength)];
  const service = await startService(stub.ready.url, { ...options, flags });
  const client = loadClient({ ...service.target, retrieve: options.retrieve }, connections);
  try {
    const capacity = await capacityOf(stub.ready.url);
    const calm = await openLoop(client, { perSecond: capacity * 0.8, seconds: 30 });
    const memory = watchMemory(service, options.minutes);
    const replies = await openLoop(client, { perSecond: capacity * 10, seconds: options.minutes * 60 });
    return { capacity, ...report(calm, replies), ...memory.report() };
  } finally {
    client.close();
    await service.stop();
    await stub.stop();
  }
}

/** Answers a second that the stub gives when it is asked without the service. */
async function capacityOf(url: string): Promise<number> {
  const client = loadClient({ url, key: null }, 8);
  const seconds = 5;
  const replies = await closedLoop(client, { clients: 8, seconds });
  client.close();
  return replies.length / seconds;
}

function report(calm: readonly Reply[], replies: readonly Reply[]): Record<string, unknown> {
  const admitted = (some: readonly Reply[]): number[] =>
    some.filter(({ status }) => status === 200).map(({ ms }) => ms);
  const refused = replies.filter(({ status }) => status === 429 || status === 503);
  const calmP95 = percentile(admitted(calm), 0.95);
  const admittedP95 = percentile(admitted(replies), 0.95);
  const refusedMs = refused.map(({ ms }) => ms);
  return {
    calmStatuses: statusesOf(calm),
    calmP95Ms: calmP95,
    requests: replies.length,
    statuses: statusesOf(replies),
    admittedP50Ms: percentile(admitted(replies), 0.5),
    admittedP95Ms: admittedP95,
    admittedToCalm: admittedP95 / calmP95,
    refusedP50Ms: percentile(refusedMs, 0.5),
    refusedP95Ms: percentile(refusedMs, 0.95),
    refusedP99Ms: percentile(refusedMs, 0.99),
    refusedMaxMs: refusedMs.reduce((most, ms) => Math.max(most, ms), 0),
    withoutRetryAfter: refused.filter(({ hasRetryAfter }) => !hasRetryAfter).length,
  };
}

/** Looks at the service's memory each second, for as long as the load lasts. */
function watchMemory({ pid }: BenchService, minutes: number): { report(): Record<string, unknown> } {
  const all: number[] = [];
  const timer = setInterval(() => all.push(residentBytes(pid)), 1_000);
  const mean = (some: readonly number[]): number => some.reduce((sum, value) => sum + value, 0) / (some.length || 1);
  return {
    report: () => {
      clearInterval(timer);
      const bytes = all.slice(0, minutes * 60);
      // Of less than two minutes, the second half of what there is.
      const second = bytes.length > 120 ? bytes.slice(60, 120) : bytes.slice(0, Math.ceil(bytes.length / 2));
      const last = bytes.slice(-Math.min(60, Math.ceil(bytes.length / 2)));
      return {
        secondMinuteMb: mean(second) / 1e6,
        lastMinuteMb: mean(last) / 1e6,
        growth: mean(last) / mean(second),
      };
    },
  };
}

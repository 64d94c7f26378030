import { percentile } from '../percentile.ts';
import { processorMs, startChild } from './child-server.ts';
import { closedLoop, loadClient, statusesOf } from './load.ts';
import type { Target } from './load.ts';
import { startService } from './start-service.ts';
import type { ServiceOptions } from './start-service.ts';

export interface BenchThroughputOptions extends ServiceOptions {
  /** How long each measurement takes. */
  readonly seconds: number;
  readonly stubPort: number;
}

/** Clients that ask again as soon as they have an answer: enough to keep the service busy, few enough not to queue long. */
const clients = 32;
const warmUpSeconds = 3;

/**
 * Requests a second, and processor time of the service for each: with a model server in its process that answers at once, and with a
 * stub behind HTTP in a process of its own. `Deciding` has it decide each time that a question needs no code. The client is this process.
 */
export async function benchThroughput(options: BenchThroughputOptions): Promise<Record<string, unknown>> {
  const inProcess = options.url === undefined ? await overNullServer(options.seconds) : {};
  return { ...inProcess, ...(await overStub(options)) };
}

async function overNullServer(seconds: number): Promise<Record<string, unknown>> {
  const service = await startChild<Target>(new URL('./null-service.ts', import.meta.url), {});
  try {
    return await measureBoth('null', { target: service.ready, pid: service.pid }, seconds);
  } finally {
    await service.stop();
  }
}

async function overStub(options: BenchThroughputOptions): Promise<Record<string, unknown>> {
  const stub = await startChild<{ readonly url: string }>(new URL('./stub-process.ts', import.meta.url), {
    delayMs: 0,
    slots: null,
    port: options.stubPort,
  });
  const flags = ['--generation-slots', String(clients), '--queue-length', '1000'];
  const service = await startService(stub.ready.url, { ...options, flags });
  try {
    const alone = { target: { url: stub.ready.url, key: null }, pid: stub.pid };
    const direct = await measure('stubAlone', alone, options.seconds);
    return { ...direct, ...(await measureBoth('stub', service, options.seconds)) };
  } finally {
    await service.stop();
    await stub.stop();
  }
}

/** A server and the process that it runs in. */
interface Measured {
  readonly target: Target;
  readonly pid: number;
}

async function measureBoth(name: string, { target, pid }: Measured, seconds: number): Promise<Record<string, unknown>> {
  const plain = await measure(name, { target: { ...target, retrieve: 'never' }, pid }, seconds);
  const deciding = await measure(`${name}Deciding`, { target: { ...target, retrieve: 'auto' }, pid }, seconds);
  return { ...plain, ...deciding };
}

async function measure(name: string, { target, pid }: Measured, seconds: number): Promise<Record<string, unknown>> {
  const client = loadClient(target, clients);
  await closedLoop(client, { clients, seconds: warmUpSeconds });
  const before = processorMs(pid);
  const replies = await closedLoop(client, { clients, seconds });
  const used = processorMs(pid) - before;
  client.close();
  const times = replies.map(({ ms }) => ms);
  return {
    [`${name}PerSecond`]: replies.length / seconds,
    [`${name}ProcessorUs`]: (used * 1_000) / replies.length,
    [`${name}P50Ms`]: percentile(times, 0.5),
    [`${name}P95Ms`]: percentile(times, 0.95),
    [`${name}Statuses`]: statusesOf(replies),
  };
}

import { percentile } from '../percentile.ts';
import { loadClient } from './load.ts';
import type { LoadClient } from './load.ts';
import { startService } from './start-service.ts';
import type { ServiceOptions } from './start-service.ts';
import { startStubOllama } from './stub-ollama.ts';

export interface BenchLatencyOptions extends ServiceOptions {
  /** Pairs of requests, direct and through the service. */
  readonly pairs: number;
  readonly stubPort: number;
  readonly retrieve: 'auto' | 'never';
}

const warmUpPairs = 100;

/** What the service adds to a request that needs no code: the same stub is asked directly and through it, in turn. */
export async function benchLatency(options: BenchLatencyOptions): Promise<Record<string, unknown>> {
  const stub = await startStubOllama({ delayMs: 20, slots: Infinity, port: options.stubPort });
  const service = await startService(stub.url, options);
  const direct = loadClient({ url: stub.url, key: null }, 1);
  const through = loadClient({ ...service.target, retrieve: options.retrieve }, 1);
  try {
    await measure(direct, through, warmUpPairs);
    return report(await measure(direct, through, options.pairs));
  } finally {
    direct.close();
    through.close();
    await service.stop();
    await stub.close();
  }
}

interface Times {
  readonly direct: readonly number[];
  readonly through: readonly number[];
}

async function measure(direct: LoadClient, through: LoadClient, pairs: number): Promise<Times> {
  const times = { direct: [] as number[], through: [] as number[] };
  const ask = async (client: LoadClient, id: number): Promise<number> => {
    const { status, ms } = await client.ask(id);
    if (status !== 200) throw new Error(`a request was answered with status ${status}`);
    return ms;
  };
  for (let pair = 0; pair < pairs; pair++) {
    times.direct.push(await ask(direct, pair));
    times.through.push(await ask(through, pair));
  }
  return times;
}

function report({ direct, through }: Times): Record<string, unknown> {
  const p50 = [percentile(direct, 0.5), percentile(through, 0.5)] as const;
  const p95 = [percentile(direct, 0.95), percentile(through, 0.95)] as const;
  return {
    pairs: direct.length,
    directP50Ms: p50[0],
    throughP50Ms: p50[1],
    addedP50Ms: p50[1] - p50[0],
    directP95Ms: p95[0],
    throughP95Ms: p95[1],
    addedP95Ms: p95[1] - p95[0],
  };
}

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { FairQueue } from '../../access/fair-queue.ts';
import { queuedServer } from '../../access/queued-server.ts';
import type { QueuedServer } from '../../access/queued-server.ts';
import type { Config } from '../../config-options.ts';
import type { Caller } from '../../core/gateway/caller.ts';
import type { ModelInfo, ModelServer } from '../../core/gateway/model-server.ts';
import { RecentMap } from '../../core/gateway/recent-map.ts';
import type { GuardedServer, ModelHealth } from '../../model/health/guarded-server.ts';
import { guardedServer } from '../../model/health/guarded-server.ts';
import { measuredServer } from '../../model/measured-server.ts';
import { PromptSpeed, speedKey } from '../../model/prompt-speed.ts';
import { stateFile } from '../../store/state-file.ts';
import { openModelServers } from '../model-servers.ts';

/** The model servers of a running service. */
export interface OpenModels {
  readonly server: ModelServer;
  /** For one request of a caller: it waits its turn among those of the others, or is refused. */
  enter(caller: Caller): QueuedServer;
  /** Tokens per second that a model reads, null before the first measurement. */
  promptSpeed(info: ModelInfo): Promise<number | null>;
  /** How the models that were asked lately have fared. */
  health(): readonly ModelHealth[];
  readonly queue: FairQueue;
  close(): Promise<void>;
}

/** A model that failed is tried again by itself this often. */
const probeMs = 60_000;

/** A speed that was looked up is good for so long: it is read from a file, and changes slowly. */
const speedMs = 5_000;

function rememberedSpeed(speeds: PromptSpeed): OpenModels['promptSpeed'] {
  const known = new RecentMap<string, { readonly until: number; readonly speed: Promise<number | null> }>(100);
  return (info) => {
    const key = speedKey(info);
    const before = known.get(key);
    if (before !== undefined && before.until > performance.now()) return before.speed;
    const speed = speeds.of(key);
    known.set(key, { until: performance.now() + speedMs, speed });
    return speed;
  };
}

/** Opens the model servers with what stands before them: measuring, circuit breakers for each server, and the queue. */
export async function openModels(values: Config): Promise<OpenModels> {
  const speeds = new PromptSpeed(stateFile(join(values.dataFolder, 'prompt-speed.json'), randomUUID));
  const guards: GuardedServer[] = [];
  const server = await openModelServers(values, (inner, loaded) => {
    const guard = guardedServer(measuredServer(inner, speeds), { now: () => Date.now(), ...(loaded && { loaded }) });
    guards.push(guard);
    return guard;
  });
  const { generationSlots: slots, queueLength: length } = values;
  const queue = new FairQueue({ slots, length, now: () => performance.now() });
  const stop = new AbortController();
  const probing = setInterval(() => {
    // What comes of it is health; there is nobody to tell here.
    for (const guard of guards) guard.probe(stop.signal).catch(() => undefined);
  }, probeMs);
  probing.unref();
  return {
    server,
    enter: ({ id }) => queuedServer(server, queue, id),
    promptSpeed: rememberedSpeed(speeds),
    health: () => guards.flatMap((guard) => guard.health()),
    queue,
    async close() {
      clearInterval(probing);
      stop.abort();
      await server.close?.();
    },
  };
}

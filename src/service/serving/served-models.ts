import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { FairQueue } from '../../access/fair-queue.ts';
import { queuedServer } from '../../access/queued-server.ts';
import type { Config } from '../../config-options.ts';
import type { Caller } from '../../core/gateway/caller.ts';
import type { ModelInfo, ModelServer } from '../../core/gateway/model-server.ts';
import { guardedServer } from '../../model/health/guarded-server.ts';
import type { GuardedServer } from '../../model/health/guarded-server.ts';
import { measuredServer } from '../../model/measured-server.ts';
import { PromptSpeed, speedKey } from '../../model/prompt-speed.ts';
import { stateFile } from '../../store/state-file.ts';
import { openModelServers } from '../model-servers.ts';

/** The model servers of a running service. */
export interface OpenModels {
  readonly guarded: GuardedServer;
  /** As one caller sees them: its calls wait their turn among those of the others. */
  serverFor(caller: Caller): ModelServer;
  /** Tokens per second that a model reads, null before the first measurement. */
  promptSpeed(info: ModelInfo): Promise<number | null>;
  readonly queue: FairQueue;
  close(): Promise<void>;
}

/** A model that failed is tried again by itself this often. */
const probeMs = 60_000;

/** Opens the model servers with what stands before them: measuring, circuit breakers, and the queue. */
export async function openModels(values: Config): Promise<OpenModels> {
  const speeds = new PromptSpeed(stateFile(join(values.dataFolder, 'prompt-speed.json'), randomUUID));
  const { server, loaded } = await openModelServers(values);
  const guarded = guardedServer(measuredServer(server, speeds), { now: () => Date.now(), loaded });
  const { generationSlots: slots, queueLength: length } = values;
  const queue = new FairQueue({ slots, length, now: () => performance.now() });
  const stop = new AbortController();
  const probing = setInterval(() => {
    // What comes of it is health; there is nobody to tell here.
    guarded.probe(stop.signal).catch(() => undefined);
  }, probeMs);
  probing.unref();
  return {
    guarded,
    serverFor: ({ id }) => queuedServer(guarded, queue, id),
    promptSpeed: (info) => speeds.of(speedKey(info)),
    queue,
    async close() {
      clearInterval(probing);
      stop.abort();
      await guarded.close?.();
    },
  };
}

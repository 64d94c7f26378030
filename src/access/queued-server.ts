import type { ModelEvent, ModelServer } from '../core/gateway/model-server.ts';
import type { FairQueue } from './fair-queue.ts';

/**
 * A model server as one caller sees it: whatever has a model work waits its turn among the calls of all callers, and gives its place back
 * when it has ended, failed or was stopped. Questions about models do not wait. Errors beside the server's own: `rate_limited` when
 * too many wait.
 */
export function queuedServer(server: ModelServer, queue: FairQueue, callerId: string): ModelServer {
  const never = new AbortController().signal;
  async function* inTurn(
    generate: (signal?: AbortSignal) => AsyncIterable<ModelEvent>,
    signal: AbortSignal = never,
  ): AsyncGenerator<ModelEvent> {
    const release = await queue.acquire(callerId, signal);
    try {
      yield* generate(signal);
    } finally {
      release();
    }
  }
  return {
    models: (signal) => server.models(signal),
    describe: (model, signal) => server.describe(model, signal),
    tokenCounter: (model, signal) => server.tokenCounter(model, signal),
    chat: (call, signal) => inTurn((stop) => server.chat(call, stop), signal),
    complete: (call, signal) => inTurn((stop) => server.complete(call, stop), signal),
    async embed(call, signal = never) {
      const release = await queue.acquire(callerId, signal);
      try {
        return await server.embed(call, signal);
      } finally {
        release();
      }
    },
    ...(server.forward === undefined ? {} : { forward: server.forward.bind(server) }),
  };
}

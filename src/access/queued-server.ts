import type { ModelEvent, ModelServer } from '../core/gateway/model-server.ts';
import type { FairQueue } from './fair-queue.ts';

/** A model server as one request of a caller sees it. */
export interface QueuedServer {
  readonly server: ModelServer;
  /** Ends the request: a place that no call has used is given up. Safe to call again. */
  readonly leave: () => void;
}

const never = new AbortController().signal;

/**
 * Keeps a place for a request: whatever has a model work waits its turn among the calls of all callers, and gives its slot back when it
 * has ended, failed or was stopped. Questions about models do not wait. Errors: `rate_limited` or `model_unavailable` at once when
 * too many wait.
 */
export function queuedServer(server: ModelServer, queue: FairQueue, callerId: string): QueuedServer {
  const place = queue.reserve(callerId);
  async function* inTurn(
    generate: (signal?: AbortSignal) => AsyncIterable<ModelEvent>,
    signal: AbortSignal = never,
  ): AsyncGenerator<ModelEvent> {
    const release = await place.acquire(signal);
    try {
      yield* generate(signal);
    } finally {
      release();
    }
  }
  async function answeredInTurn<Answer>(ask: () => Promise<Answer>, signal: AbortSignal = never): Promise<Answer> {
    const release = await place.acquire(signal);
    try {
      return await ask();
    } finally {
      release();
    }
  }
  const forward = server.forward?.bind(server);
  const queued: ModelServer = {
    models: (signal) => server.models(signal),
    describe: (model, signal) => server.describe(model, signal),
    tokenCounter: (model, signal) => server.tokenCounter(model, signal),
    chat: (call, signal) => inTurn((stop) => server.chat(call, stop), signal),
    complete: (call, signal) => inTurn((stop) => server.complete(call, stop), signal),
    embed: (call, signal) => answeredInTurn(() => server.embed(call, signal), signal),
    ...(forward && {
      forward: (request, signal) => answeredInTurn(() => forward(request, signal), signal),
    }),
  };
  return { server: queued, leave: () => place.leave() };
}

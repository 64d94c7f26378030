import type { ModelEvent, ModelServer } from '../../core/gateway/model-server.ts';
import type { BreakerHealth, BreakerOptions } from './circuit-breaker.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { probeModel } from './probe-model.ts';
import type { LoadedTarget } from './probe-model.ts';

/** How a server is guarded. The clock is in milliseconds since 1970. */
export interface GuardOptions extends BreakerOptions {
  /** The models in memory now; without it nothing is probed. */
  readonly loaded?: (signal?: AbortSignal) => Promise<readonly LoadedTarget[]>;
}

/** How a model has fared. */
export interface ModelHealth extends BreakerHealth {
  /** In lower case, without `:latest`. */
  readonly model: string;
}

/** A model server that is left alone while it does not answer. */
export interface GuardedServer extends ModelServer {
  /** Of every model that was asked lately. */
  health(): readonly ModelHealth[];
  /** Of the questions about models, which tell whether the server is there at all. */
  serverHealth(): BreakerHealth;
  /**
   * Has each model that failed last, is in memory and has nothing to do write one token; what comes of it is health. A
   * model that works is left alone: a probe would cost it what it remembers of the last prompt.
   */
  probe(signal: AbortSignal): Promise<void>;
}

const maxModels = 200;

/**
 * Puts circuit breakers before a server: one for each model, so that one that hangs does not stop another, and one for
 * the questions about models. Answers that end are health; nothing is asked only to measure.
 */
export function guardedServer(server: ModelServer, options: GuardOptions): GuardedServer {
  const lookups = new CircuitBreaker('The model server', options);
  const models = new Map<string, CircuitBreaker>();
  const breakerOf = (model: string): CircuitBreaker => {
    const key = keyOf(model);
    const breaker = models.get(key) ?? new CircuitBreaker(`The model "${key}"`, options);
    // The one that was asked last is forgotten last.
    models.delete(key);
    models.set(key, breaker);
    const [oldest] = models.keys();
    if (models.size > maxModels && oldest !== undefined) models.delete(oldest);
    return breaker;
  };
  return {
    models: (signal) => guarded(lookups, () => server.models(signal)),
    describe: (model, signal) => guarded(lookups, () => server.describe(model, signal)),
    tokenCounter: (model, signal) => guarded(lookups, () => server.tokenCounter(model, signal)),
    chat: (call, signal) => guardedEvents(breakerOf(call.model), () => server.chat(call, signal)),
    complete: (call, signal) => guardedEvents(breakerOf(call.model), () => server.complete(call, signal)),
    embed: (call, signal) => guarded(breakerOf(call.model), () => server.embed(call, signal)),
    ...(server.forward === undefined ? {} : { forward: server.forward.bind(server) }),
    ...(server.close === undefined ? {} : { close: server.close.bind(server) }),
    health: () => [...models].map(([model, breaker]) => ({ model, ...breaker.health() })),
    serverHealth: () => lookups.health(),
    async probe(signal) {
      const targets = (await options.loaded?.(signal).catch(() => [])) ?? [];
      await Promise.all(
        targets.map(async (target) => {
          const breaker = models.get(keyOf(target.name));
          if (breaker?.isIdle() === true && breaker.health().lastError !== null)
            await probeModel(target, { server, breaker, now: options.now }, signal);
        }),
      );
    },
  };
}

/** One breaker for all ways to write a name. */
function keyOf(model: string): string {
  return model.toLowerCase().replace(/:latest$/, '');
}

async function guarded<Value>(breaker: CircuitBreaker, call: () => Promise<Value>): Promise<Value> {
  const pass = breaker.enter();
  try {
    const value = await call();
    pass.succeed();
    return value;
  } catch (error) {
    pass.fail(error);
    throw error;
  } finally {
    pass.leave();
  }
}

async function* guardedEvents(
  breaker: CircuitBreaker,
  open: () => AsyncIterable<ModelEvent>,
): AsyncGenerator<ModelEvent> {
  const pass = breaker.enter();
  try {
    for await (const event of open()) {
      if (event.type === 'done') pass.succeed();
      else pass.alive();
      yield event;
    }
  } catch (error) {
    pass.fail(error);
    throw error;
  } finally {
    pass.leave();
  }
}

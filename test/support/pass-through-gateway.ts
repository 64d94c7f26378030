import { ServiceError } from '../../src/core/errors.ts';
import type { DecisionReport, Exchange } from '../../src/core/gateway/exchange.ts';
import type { ModelEvent, ModelServer } from '../../src/core/gateway/model-server.ts';
import type { Gateway } from '../../src/verbs/gateway/gateway.ts';
import { fakeGateway } from './fake-gateway.ts';

const untouched: DecisionReport = {
  route: 'none',
  reason: 'Nothing is looked up.',
  confidence: 1,
  projects: [],
  citations: [],
  freshness: null,
  cache: 'off',
  promptTokens: 0,
  isExactCount: false,
  leftOut: 0,
  notices: [],
};

export interface PassThroughOptions {
  /** Further names of models. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Told when the events of an answer are over, in whatever way. */
  readonly onEnd?: () => void;
}

/** A gateway that hands each call to a model server as it is, and knows no project. */
export function passThroughGateway(server: ModelServer, { aliases = {}, onEnd }: PassThroughOptions = {}): Gateway {
  const resolveModel = (name: string): string => aliases[name] ?? name;
  const behind = <Call extends { readonly model: string }>(call: Call): Call => ({
    ...call,
    model: resolveModel(call.model),
  });
  const exchange = (model: string, events: AsyncIterable<ModelEvent>): Exchange => ({
    model,
    decision: untouched,
    events: watched(events, onEnd),
  });
  return fakeGateway({
    methods: {
      chat: async ({ call }, { signal }) => exchange(call.model, server.chat(behind(call), signal)),
      complete: async ({ call }, { signal }) => exchange(call.model, server.complete(behind(call), signal)),
      embed: (call, { signal }) => server.embed(behind(call), signal),
      models: ({ signal }) => withAliases(server, aliases, signal),
      describe: (model, { signal }) => server.describe(resolveModel(model), signal),
      resolveModel,
      projects: async () => [],
      forward: (request, { signal }) => {
        if (server.forward === undefined) throw new ServiceError('request_invalid', 'No Ollama is in use.');
        return server.forward(request, signal);
      },
    },
  });
}

async function* watched(events: AsyncIterable<ModelEvent>, onEnd?: () => void): AsyncGenerator<ModelEvent> {
  try {
    yield* events;
  } finally {
    onEnd?.();
  }
}

async function withAliases(server: ModelServer, aliases: Readonly<Record<string, string>>, signal: AbortSignal) {
  const models = await server.models(signal);
  const more = Object.entries(aliases).flatMap(([name, target]) =>
    models.filter((model) => model.name === target).map((model) => ({ ...model, name })),
  );
  return [...models, ...more];
}

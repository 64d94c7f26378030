import { ServiceError } from '../../src/core/errors.ts';
import type { DecisionReport } from '../../src/core/gateway/exchange.ts';
import type { ModelServer } from '../../src/core/gateway/model-server.ts';
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

/** A gateway that hands each call to a model server as it is, and knows no project. */
export function passThroughGateway(server: ModelServer): Gateway {
  const exchange = (model: string, events: ReturnType<ModelServer['chat']>) => ({ model, decision: untouched, events });
  return fakeGateway({
    methods: {
      chat: async ({ call }, { signal }) => exchange(call.model, server.chat(call, signal)),
      complete: async ({ call }, { signal }) => exchange(call.model, server.complete(call, signal)),
      embed: (call, { signal }) => server.embed(call, signal),
      models: ({ signal }) => server.models(signal),
      describe: (model, { signal }) => server.describe(model, signal),
      resolveModel: (model) => model,
      projects: async () => [],
      forward: (request, { signal }) => {
        if (server.forward === undefined) throw new ServiceError('request_invalid', 'No Ollama is in use.');
        return server.forward(request, signal);
      },
    },
  });
}

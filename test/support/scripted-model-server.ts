import type {
  ChatCall,
  CompletionCall,
  ModelEvent,
  ModelInfo,
  ModelServer,
} from '../../src/core/gateway/model-server.ts';
import { estimateTokens } from '../../src/text/tokens.ts';

/** A model server that says what a test wants, and remembers what it was asked. */
export interface ScriptedModelServer extends ModelServer {
  readonly calls: readonly (ChatCall | CompletionCall)[];
}

/** Facts of a model, changed where a test cares. */
function modelInfoOf(changes: Partial<ModelInfo> = {}): ModelInfo {
  return {
    name: 'tiny',
    digest: 'd1',
    host: '127.0.0.1:11434',
    contextTokens: 8_192,
    windowTokens: 8_192,
    capabilities: ['completion'],
    family: 'llama',
    parameterSize: '135M',
    quantization: 'Q4_1',
    bytes: 98_000_000,
    modifiedAt: '2026-01-02T03:04:05.000Z',
    notices: [],
    ...changes,
  };
}

/** The end of an answer, changed where a test cares. */
export function doneOf(changes: Partial<Extract<ModelEvent, { type: 'done' }>> = {}): ModelEvent {
  const times = { totalNs: 5e6, loadNs: 1e6, promptNs: 2e6, outputNs: 2e6 };
  return { type: 'done', reason: 'stop', promptTokens: 10, outputTokens: 2, times, ...changes };
}

/** Answers each call with `answer`; without one, with two words. */
export function scriptedModelServer(
  options: {
    readonly info?: Partial<ModelInfo>;
    readonly answer?: (call: ChatCall | CompletionCall, signal?: AbortSignal) => AsyncIterable<ModelEvent>;
  } = {},
): ScriptedModelServer {
  const calls: (ChatCall | CompletionCall)[] = [];
  const info = modelInfoOf(options.info);
  const answer = options.answer ?? twoWords;
  const run = (call: ChatCall | CompletionCall, signal?: AbortSignal): AsyncIterable<ModelEvent> => {
    calls.push(call);
    return answer(call, signal);
  };
  return {
    calls,
    models: async () => [info],
    describe: async (name) => ({ ...info, name }),
    tokenCounter: async () => ({ isExact: false, count: estimateTokens }),
    chat: run,
    complete: run,
    embed: async ({ inputs }) => ({ vectors: inputs.map(() => [1, 0]), promptTokens: inputs.length }),
  };
}

async function* twoWords(): AsyncGenerator<ModelEvent> {
  yield { type: 'delta', text: 'Two ' };
  yield { type: 'delta', text: 'words.' };
  yield doneOf();
}

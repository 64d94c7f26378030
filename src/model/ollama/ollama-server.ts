import { ServiceError } from '../../core/errors.ts';
import type {
  ChatCall,
  CompletionCall,
  EmbedCall,
  Embeddings,
  ForwardedRequest,
  ModelEvent,
  ModelInfo,
  ModelServer,
  TokenCounter,
} from '../../core/gateway/model-server.ts';
import { vectorCountError } from '../model-error.ts';
import type { FimCompletion } from '../profiles/fim-completion.ts';
import { filledHole } from '../servers/filled-hole.ts';
import { toWebResponse } from '../transport/web-response.ts';
import { AnswerLines } from './answer-line.ts';
import { forwardedRequest, mayChangeModels, modelRunBy } from './forward-request.ts';
import type { FreeMemory } from './free-memory.ts';
import { loadedModels } from './loaded-models.ts';
import type { LoadedModel } from './loaded-models.ts';
import { ModelDirectory } from './model-directory.ts';
import type { KnownModel } from './model-info.ts';
import { OllamaApi } from './ollama-api.ts';
import type { ApiCall, OllamaAddress } from './ollama-api.ts';
import { chatBody, completionBody, embedBody } from './request-body.ts';
import { TokenCounters } from './token-counters.ts';
import type { VocabularyCounter } from './token-counters.ts';

/** What an Ollama server is reached and used with. */
export interface OllamaServerOptions extends OllamaAddress {
  /** Clock in milliseconds. */
  readonly now: () => number;
  /** Random text for ids of tool calls. */
  readonly newId: () => string;
  readonly freeMemory: () => FreeMemory;
  /** Makes a counter of a model's own vocabulary; without it counts are estimates. */
  readonly vocabularyCounter?: VocabularyCounter;
  /** Upper bound of every context window in tokens, below what memory would allow. */
  readonly maxWindowTokens?: number;
}

/**
 * Ollama behind the port. A line of its streams is one event. Every call of a model runs with the same context window, and
 * none is sent for a model that runs elsewhere without leave.
 */
export class OllamaServer implements ModelServer {
  readonly #options: OllamaServerOptions;
  readonly #api: OllamaApi;
  readonly #directory: ModelDirectory;
  readonly #counters: TokenCounters;

  /** Throws `config_invalid` or `forbidden` for an address that may not be used. */
  constructor(options: OllamaServerOptions) {
    const { now, freeMemory, maxWindowTokens, vocabularyCounter } = options;
    this.#options = options;
    this.#api = new OllamaApi(options);
    this.#directory = new ModelDirectory({ api: this.#api, now, freeMemory, maxWindowTokens });
    this.#counters = new TokenCounters({ api: this.#api, now, vocabularyCounter });
  }

  models(signal?: AbortSignal): Promise<readonly ModelInfo[]> {
    return this.#directory.all(signal);
  }

  async describe(model: string, signal?: AbortSignal): Promise<ModelInfo> {
    return this.#directory.info(await this.#directory.find(model, signal));
  }

  /** All that is known of a model, more than the port tells. Errors as `describe`. */
  know(model: string, signal?: AbortSignal): Promise<KnownModel> {
    return this.#directory.find(model, signal);
  }

  /** The models in memory now. */
  loaded(signal?: AbortSignal): Promise<readonly LoadedModel[]> {
    return loadedModels(this.#api, signal);
  }

  async tokenCounter(model: string, signal?: AbortSignal): Promise<TokenCounter> {
    return this.#counters.of((await this.#directory.find(model, signal)).listed, signal);
  }

  async *chat(call: ChatCall, signal?: AbortSignal): AsyncGenerator<ModelEvent> {
    const { windowTokens } = await this.#directory.find(call.model, signal);
    // A call of a tool is held back until it is whole.
    const isSilent = call.tools !== undefined && call.tools.length > 0;
    yield* this.#events({ path: '/api/chat', body: chatBody(call, windowTokens), isSilent, signal });
  }

  async *complete(call: CompletionCall, signal?: AbortSignal): AsyncGenerator<ModelEvent> {
    const known = await this.#directory.find(call.model, signal);
    const hasHole = call.suffix !== undefined && call.suffix !== '';
    const { call: ready, notices } = hasHole ? withHole(call, known) : { call, notices: [] };
    const events = this.#events({ path: '/api/generate', body: completionBody(ready, known.windowTokens), signal });
    yield* notices.length === 0 ? events : withNotices(events, notices);
  }

  async embed(call: EmbedCall, signal?: AbortSignal): Promise<Embeddings> {
    const { windowTokens } = await this.#directory.find(call.model, signal);
    const answer = await this.#api.call({ path: '/api/embed', body: embedBody(call, windowTokens), signal });
    const { embeddings, total_duration: totalNs, load_duration: loadNs, prompt_eval_count: tokens } = answer;
    if (!isVectorList(embeddings) || embeddings.length !== call.inputs.length)
      throw vectorCountError(this.#api.endpoint, call.inputs.length);
    return {
      vectors: embeddings,
      promptTokens: typeof tokens === 'number' ? tokens : 0,
      ...(typeof totalNs === 'number' ? { totalNs } : {}),
      ...(typeof loadNs === 'number' ? { loadNs } : {}),
    };
  }

  /** Also refuses to run a model that runs elsewhere. What an answer has changed is known when the answer has ended. */
  async forward(request: ForwardedRequest, signal?: AbortSignal): Promise<Response> {
    const sent = forwardedRequest(request);
    const model = modelRunBy(request);
    if (model !== null) await this.#directory.find(model, signal);
    const answer = await this.#api.send(sent, signal);
    if (!mayChangeModels(request)) return toWebResponse(answer);
    this.#directory.forget();
    return toWebResponse({ ...answer, chunks: this.#forgetting(answer.chunks) });
  }

  async *#forgetting(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* chunks;
    } finally {
      this.#directory.forget();
    }
  }

  async *#events(call: ApiCall): AsyncGenerator<ModelEvent> {
    const lines = new AnswerLines(this.#options.newId);
    for await (const line of this.#api.stream(call)) yield* lines.read(line);
  }
}

/**
 * A completion that fills a hole: by the server's template where it can, else written here. Code of the project that came along has no
 * place in the server's template.
 */
function withHole(call: CompletionCall, { facts, profile, windowTokens }: KnownModel): FimCompletion {
  const { fim } = profile;
  const hasSnippets = (call.snippets ?? []).length > 0;
  // An empty prompt would only load the model, and a raw one would lose what is behind the hole.
  const isTemplated = facts.capabilities.includes('insert') && call.raw !== true && call.prompt !== '';
  if (isTemplated && (fim === null || !hasSnippets)) {
    const notice = 'Code of the project was found and left out: how this model takes it beside a hole is not known.';
    return { call, notices: hasSnippets ? [notice] : [] };
  }
  if (fim !== null) return filledHole(call, { fim, windowTokens });
  throw new ServiceError(
    'request_invalid',
    `The model "${call.model}" does not support insert: it was not made to fill a hole in code. Send no suffix, or use ` +
      'a model such as deepseek-coder, qwen2.5-coder or codellama:7b-code.',
  );
}

async function* withNotices(events: AsyncIterable<ModelEvent>, notices: readonly string[]): AsyncGenerator<ModelEvent> {
  for await (const event of events) {
    yield event.type === 'done' ? { ...event, notices: [...notices, ...(event.notices ?? [])] } : event;
  }
}

function isVectorList(value: unknown): value is number[][] {
  return (
    Array.isArray(value) && value.every((vector) => Array.isArray(vector) && vector.every((x) => typeof x === 'number'))
  );
}

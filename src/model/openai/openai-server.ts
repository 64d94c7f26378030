import type {
  ChatCall,
  CompletionCall,
  EmbedCall,
  Embeddings,
  ModelCall,
  ModelEvent,
  ModelInfo,
  ModelServer,
  TokenCounter,
} from '../../core/gateway/model-server.ts';
import { estimateTokens } from '../../text/tokens.ts';
import { embedBatch, unitVector } from '../embedding-batch.ts';
import { asRecord } from '../json-answer.ts';
import { profileOf } from '../profiles/model-profile.ts';
import { filledHole } from '../servers/filled-hole.ts';
import { loadedEvent, promptMessages, refuseOllamaOnly } from '../servers/prompt-call.ts';
import { openaiGenerator } from '../server-kind.ts';
import { unitVectors } from '../servers/unit-vectors.ts';
import { isEmptyAnswer, readAnswer } from './answer-stream.ts';
import { needsDialect, translateOptions } from './call-options.ts';
import { openaiMessages } from './chat-messages.ts';
import { unknownDialect } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { ModelLookup } from './model-lookup.ts';
import { readVectors } from './openai-client.ts';
import { OpenaiReach } from './openai-reach.ts';
import type { OpenaiCall } from './openai-reach.ts';

/** What an OpenAI-compatible server needs to be asked for answers. */
export interface OpenaiServerOptions {
  /** What `/chat/completions` is added to: `http://host:port/v1`, `https://…` or `unix:/path`. */
  readonly generatorUrl: string;
  /** Sent as a bearer token; '' for a server that wants none. */
  readonly generatorKey: string;
  /** Hosts other than this machine that a person allowed. */
  readonly allowedHosts: readonly string[];
  /** Longest silence of the server, in milliseconds, before it counts as hung. */
  readonly idleTimeoutMs?: number;
  /** Longest time that one answer may take in all, in milliseconds; undefined for any. */
  readonly totalTimeoutMs?: number;
  /** Clock in milliseconds, for how long what a server told of its models holds. */
  readonly now: () => number;
}

/** A request, and what the caller must be told of it. */
interface Asking {
  readonly call: ModelCall;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Text of the prompt, to count where the server does not. */
  readonly prompt: () => string;
  readonly notices: readonly string[];
}

/**
 * LM Studio, llama.cpp, vLLM, Ollama's `/v1` and whatever else speaks OpenAI's protocol. How long a model stays loaded is the
 * server's own affair: `keepAlive` is not sent. Tokens are counted by estimate: the servers that count them do so over the
 * network only, which takes too long for the many texts that are counted.
 */
export class OpenaiServer implements ModelServer {
  readonly #reach: OpenaiReach;
  readonly #lookup: ModelLookup;

  /** Throws `config_invalid` or `forbidden` for a URL that may not be used. */
  constructor(options: OpenaiServerOptions) {
    const { generatorUrl: url, generatorKey: key, allowedHosts, idleTimeoutMs, totalTimeoutMs, now } = options;
    this.#reach = new OpenaiReach({ url, key, allowedHosts, idleTimeoutMs, totalTimeoutMs, kind: openaiGenerator });
    this.#lookup = new ModelLookup(this.#reach, now);
  }

  models(signal?: AbortSignal): Promise<readonly ModelInfo[]> {
    return this.#lookup.all(signal);
  }

  describe(model: string, signal?: AbortSignal): Promise<ModelInfo> {
    return this.#lookup.describe(model, signal);
  }

  async tokenCounter(): Promise<TokenCounter> {
    return { isExact: false, count: estimateTokens };
  }

  async *chat(call: ChatCall, signal?: AbortSignal): AsyncGenerator<ModelEvent> {
    if (call.messages.length > 0) {
      yield* this.#converse(call, signal);
      return;
    }
    // In Ollama's protocol that only loads a model; here it says whether the model is there.
    await this.describe(call.model, signal);
    yield loadedEvent(call);
  }

  async *complete(call: CompletionCall, signal?: AbortSignal): AsyncGenerator<ModelEvent> {
    refuseOllamaOnly(call, 'An OpenAI-compatible server');
    if (call.suffix !== undefined) yield* this.#fillIn(call, signal);
    else if (call.raw === true) yield* this.#completeRaw(call, [], signal);
    // Only a raw prompt goes past the template: any other is a conversation of one message.
    else yield* this.chat({ ...call, messages: promptMessages(call) }, signal);
  }

  async embed(call: EmbedCall, signal?: AbortSignal): Promise<Embeddings> {
    let promptTokens = 0;
    const embed = async (texts: readonly string[]): Promise<readonly (readonly number[])[]> => {
      const body = { model: call.model, input: texts, encoding_format: 'float' };
      const answer = await this.#reach.ask({ path: '/embeddings', body, signal });
      const counted = asRecord(answer['usage'])['prompt_tokens'];
      promptTokens +=
        typeof counted === 'number' ? counted : texts.reduce((sum, text) => sum + estimateTokens(text), 0);
      return readVectors(answer, texts.length, this.#reach);
    };
    if (call.inputs.length === 0) return { vectors: [], promptTokens: 0 };
    const results =
      call.truncate === false
        ? (await embed(call.inputs)).map(unitVector)
        : await embedBatch(call.inputs, embed, signal);
    return { vectors: unitVectors(results, call.dimensions), promptTokens };
  }

  /** Only some calls depend on what kind the server is of; the others go without a look at its list. */
  async #dialect(call: ModelCall, signal: AbortSignal | undefined): Promise<Dialect> {
    return needsDialect(call) ? await this.#lookup.dialect(call.model, signal) : unknownDialect;
  }

  async *#converse(call: ChatCall, signal: AbortSignal | undefined): AsyncGenerator<ModelEvent> {
    const { messages, tools = [] } = call;
    const { fields, notices } = translateOptions(call, await this.#dialect(call, signal));
    const body = { messages: openaiMessages(messages), ...(tools.length === 0 ? {} : { tools }), ...fields };
    const prompt = (): string => messages.map(({ content }) => content).join('\n');
    yield* this.#stream({ call, path: '/chat/completions', body, prompt, notices }, signal);
  }

  /** A hole is written out here where the model's family is known, since most servers refuse a suffix. */
  async *#fillIn(call: CompletionCall, signal: AbortSignal | undefined): AsyncGenerator<ModelEvent> {
    const { family, windowTokens } = await this.describe(call.model, signal);
    const { isRaw } = await this.#lookup.dialect(call.model, signal);
    const { fim } = profileOf({ name: call.model, family, baseName: '' });
    if (fim === null || !isRaw) {
      const { snippets = [] } = call;
      const told = snippets.length === 0 ? [] : ['The evidence was left out: the server itself writes the hole out.'];
      yield* this.#completeRaw(call, told, signal);
      return;
    }
    const filled = filledHole(call, { fim, windowTokens });
    yield* this.#completeRaw(filled.call, filled.notices, signal);
  }

  async *#completeRaw(
    call: CompletionCall,
    earlier: readonly string[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ModelEvent> {
    const { suffix } = call;
    const dialect = await this.#lookup.dialect(call.model, signal);
    const { fields, notices } = translateOptions(call, dialect);
    const body = { prompt: call.prompt, ...(suffix === undefined ? {} : { suffix }), ...fields };
    const isRaw = dialect.isRaw || suffix !== undefined;
    const told = [
      ...earlier,
      ...notices,
      ...(isRaw ? [] : [`${dialect.name} puts its template around raw prompts, too.`]),
    ];
    const prompt = (): string => `${call.prompt}${suffix ?? ''}`;
    yield* this.#stream({ call, path: '/completions', body, prompt, notices: told }, signal);
  }

  async *#stream(asking: Asking, signal: AbortSignal | undefined): AsyncGenerator<ModelEvent> {
    const { path, prompt, notices } = asking;
    const { endpoint } = this.#reach;
    const { model } = asking.call;
    const body = { model, ...asking.body };
    const streamed = { ...body, stream: true, stream_options: { include_usage: true } };
    // Some servers hold the call of a tool back until it is whole.
    const call: OpenaiCall = { path, body: streamed, isSilent: 'tools' in body, signal };
    const answer = await this.#reach.open(call);
    try {
      yield* readAnswer(answer, { endpoint, model, prompt, notices });
    } catch (error) {
      // llama-cpp-python sends an empty stream for a prompt that does not fit; without a stream it says so.
      const short = { ...body, max_tokens: 1 };
      if (isEmptyAnswer(error)) await this.#reach.ask({ path, body: short, signal });
      throw error;
    }
  }
}

import type { ChatResponse } from 'ollama';
import type { GenerationEvent, GenerationRequest, Generator, GeneratorInfo } from '../../core/generation.ts';
import { estimateTokens } from '../../text/tokens.ts';
import type { ModelFacts, OllamaClient } from './ollama-client.ts';
import { keepLoaded } from './ollama-client.ts';
import type { PromptSpeed } from '../prompt-speed.ts';

/** How a generator is set up. */
export interface GeneratorOptions {
  readonly model: string;
  readonly promptSpeed: PromptSpeed;
  /** Upper bound of the context window in tokens, below what the model offers. */
  readonly maxContextTokens?: number;
}

/** For a server that does not tell a model's context: Ollama's own default. */
const unknownContextTokens = 4_096;
/** Our estimate is up to 2.4 times the real count; less than this share of it cannot be the whole prompt. */
const wholePromptShare = 0.35;
/** A server that cuts a prompt keeps about half of its context window: less than this share is no prompt that fitted. */
const fullWindowShare = 0.6;
/** A prompt that begins like the last one is answered from the server's cache and says nothing about reading speed. */
const maxCachedShare = 0.25;
/**
 * Little randomness: the answer should follow the evidence, yet a model that repeats itself must get out of the loop.
 */
const temperature = 0.1;
const seed = 7;

interface Described {
  readonly facts: ModelFacts;
  readonly digest: string;
}

interface Finishing {
  readonly request: GenerationRequest;
  /** Context window that was asked for. */
  readonly contextTokens: number;
  readonly digest: string;
}

/** Answers from an Ollama server's `/api/chat`. */
export class OllamaGenerator implements Generator {
  readonly #client: OllamaClient;
  readonly #options: GeneratorOptions;
  #lastPrompt = '';

  constructor(client: OllamaClient, options: GeneratorOptions) {
    this.#client = client;
    this.#options = options;
  }

  async describe(signal?: AbortSignal): Promise<GeneratorInfo> {
    const { facts, digest } = await this.#askServer(signal);
    const { model, promptSpeed } = this.#options;
    return {
      model,
      host: facts.remoteHost ?? this.#client.endpoint.label,
      contextTokens: this.#contextLimit(facts),
      promptTokensPerSecond: await promptSpeed.of(this.#speedKey(digest)),
      notices: this.#remoteNotices(facts),
    };
  }

  async *generate(request: GenerationRequest, signal?: AbortSignal): AsyncGenerator<GenerationEvent> {
    // Asked anew each time: a name may point to another model, or to another machine, by now.
    const described = await this.#askServer(signal);
    const contextTokens = contextBucket(request.contextTokens, this.#contextLimit(described.facts));
    for await (const piece of this.#client.chat(this.#call(request, contextTokens, described.facts), signal)) {
      // Some models think aloud in a field of its own; that is not the answer.
      const text = piece.message?.content ?? '';
      if (text !== '') yield { type: 'text', text };
      if (piece.done) yield* this.#finish(piece, { request, contextTokens, digest: described.digest });
    }
  }

  async #askServer(signal?: AbortSignal): Promise<Described> {
    const { model } = this.#options;
    const [facts, digest] = await Promise.all([this.#client.facts(model, signal), this.#client.digest(model, signal)]);
    return { facts, digest };
  }

  #call(request: GenerationRequest, contextTokens: number, facts: ModelFacts): Parameters<OllamaClient['chat']>[0] {
    return {
      model: this.#options.model,
      messages: request.messages.map(({ role, content }) => ({ role, content })),
      options: { num_ctx: contextTokens, num_predict: request.maxTokens, temperature, seed },
      keep_alive: keepLoaded,
      truncate: false,
      shift: false,
      ...(facts.capabilities.includes('thinking') ? { think: false } : {}),
    };
  }

  async *#finish(piece: ChatResponse, { request, contextTokens, digest }: Finishing): AsyncGenerator<GenerationEvent> {
    const prompt = request.messages.map((message) => message.content).join('\n');
    const promptTokens = piece.prompt_eval_count ?? 0;
    const estimate = estimateTokens(prompt);
    const overfull = estimate > contextTokens && promptTokens < contextTokens * fullWindowShare;
    const whole = promptTokens >= estimate * wholePromptShare && !overfull;
    // Servers that leave the count out, or count only what was not in their cache, say nothing about a loss.
    if (!whole && promptTokens > 0 && !this.#resembles(prompt))
      yield { type: 'notice', notice: lossNotice(promptTokens, estimate) };
    if (whole && !this.#resembles(prompt)) {
      await this.#options.promptSpeed.record(
        this.#speedKey(digest),
        promptTokens,
        (piece.prompt_eval_duration ?? 0) / 1e9,
      );
    }
    this.#lastPrompt = prompt;
    yield {
      type: 'done',
      promptTokens,
      outputTokens: piece.eval_count ?? 0,
      truncated: piece.done_reason === 'length',
    };
  }

  /** Whether a good part of the prompt was in the one before. */
  #resembles(prompt: string): boolean {
    let shared = 0;
    while (shared < prompt.length && prompt[shared] === this.#lastPrompt[shared]) shared += 1;
    return shared > prompt.length * maxCachedShare;
  }

  #contextLimit(facts: ModelFacts): number {
    return Math.min(facts.contextTokens ?? unknownContextTokens, this.#options.maxContextTokens ?? Infinity);
  }

  #speedKey(digest: string): string {
    return `${this.#client.endpoint.label} ${this.#options.model} ${digest}`;
  }

  #remoteNotices(facts: ModelFacts): readonly string[] {
    const { endpoint } = this.#client;
    const host = facts.remoteHost ?? (endpoint.remote ? endpoint.label : null);
    if (host === null) return [];
    return [`The question and the evidence were sent to ${host}, another machine, which the configuration allows.`];
  }
}

function lossNotice(promptTokens: number, estimate: number): string {
  return (
    `The model server read only ${promptTokens} of about ${estimate} tokens and dropped the rest of the evidence, ` +
    'so the answer may miss something. Allow the model a larger context, or ask for less evidence.'
  );
}

/**
 * Context windows that are asked for, in tokens. Ollama loads a model anew for every other size, so prompts of many
 * lengths must share few sizes; the smallest is the server's own default.
 */
const buckets = [4_096, 8_192, 16_384, 32_768, 65_536, 131_072];

/** The smallest bucket that holds `needed` tokens, never above `limit`. */
function contextBucket(needed: number, limit: number): number {
  return Math.min(buckets.find((size) => size >= needed) ?? limit, limit);
}

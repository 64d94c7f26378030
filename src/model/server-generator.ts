import type { GenerationEvent, GenerationRequest, Generator, GeneratorInfo } from '../core/generation.ts';
import type { ChatCall, ModelDone, ModelInfo, ModelServer } from '../core/gateway/model-server.ts';
import { estimateTokens } from '../text/tokens.ts';
import { LastPrompt } from './last-prompt.ts';
import type { PromptSpeed } from './prompt-speed.ts';
import { speedKey } from './prompt-speed.ts';

/** How a generator is set up. */
export interface GeneratorOptions {
  /** Name as the server knows it. */
  readonly model: string;
  readonly promptSpeed: PromptSpeed;
}

/** How long a server keeps a model in memory after a call of our own. */
export const keepLoaded = '30m';

/** Our estimate is up to 2.4 times the real count; less than this share of it cannot be the whole prompt. */
const wholePromptShare = 0.35;
/** A server that cuts a prompt keeps about half of its context window: less than this share is no prompt that fitted. */
const fullWindowShare = 0.6;
/**
 * Little randomness: the answer should follow the evidence, yet a model that repeats itself must get out of the loop.
 */
const temperature = 0.1;
const seed = 7;

/** Answers from one model of a server of any kind. */
export class ServerGenerator implements Generator {
  readonly #server: ModelServer;
  readonly #options: GeneratorOptions;
  readonly #lastPrompt = new LastPrompt();

  constructor(server: ModelServer, options: GeneratorOptions) {
    this.#server = server;
    this.#options = options;
  }

  async describe(signal?: AbortSignal): Promise<GeneratorInfo> {
    const { model, promptSpeed } = this.#options;
    const info = await this.#server.describe(model, signal);
    return {
      model,
      host: info.host,
      contextTokens: info.windowTokens,
      promptTokensPerSecond: await promptSpeed.of(speedKey(info)),
      notices: info.notices,
    };
  }

  async *generate(request: GenerationRequest, signal?: AbortSignal): AsyncGenerator<GenerationEvent> {
    // Asked anew each time: a name may point to another model, or to another machine, by now.
    const info = await this.#server.describe(this.#options.model, signal);
    for await (const event of this.#server.chat(this.#call(request, info), signal)) {
      if (event.type === 'done') yield* this.#finish(event, request, info);
      // Some models think aloud in a field of its own; that is not the answer.
      else if (event.text !== '') yield { type: 'text', text: event.text };
    }
  }

  #call(request: GenerationRequest, info: ModelInfo): ChatCall {
    return {
      model: this.#options.model,
      messages: request.messages,
      options: { num_predict: request.maxTokens, temperature, seed },
      keepAlive: keepLoaded,
      ...(info.capabilities.includes('thinking') ? { think: false } : {}),
    };
  }

  async *#finish(done: ModelDone, request: GenerationRequest, info: ModelInfo): AsyncGenerator<GenerationEvent> {
    const prompt = request.messages.map((message) => message.content).join('\n');
    const { promptTokens, outputTokens, times } = done;
    const estimate = estimateTokens(prompt);
    const overfull = estimate > info.windowTokens && promptTokens < info.windowTokens * fullWindowShare;
    const whole = promptTokens >= estimate * wholePromptShare && !overfull;
    // Servers that leave the count out, or count only what was not in their cache, say nothing about a loss.
    for (const notice of done.notices ?? []) yield { type: 'notice', notice };
    const isCached = this.#lastPrompt.resembles(prompt);
    if (!whole && promptTokens > 0 && !isCached) yield { type: 'notice', notice: lossNotice(promptTokens, estimate) };
    if (whole && !isCached) await this.#options.promptSpeed.record(speedKey(info), promptTokens, times.promptNs / 1e9);
    this.#lastPrompt.remember(prompt);
    yield { type: 'done', promptTokens, outputTokens, truncated: done.reason === 'length' };
  }
}

function lossNotice(promptTokens: number, estimate: number): string {
  return (
    `The model server read only ${promptTokens} of about ${estimate} tokens and dropped the rest of the evidence, ` +
    'so the answer may miss something. Allow the model a larger context, or ask for less evidence.'
  );
}

/** A chat turn. */
export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** What is known of a model before it is asked. */
export interface GeneratorInfo {
  readonly model: string;
  /** `host:port` or socket path that serves it. */
  readonly host: string;
  /** Tokens that prompt and answer may fill together. */
  readonly contextTokens: number;
  /** Measured prompt reading speed in tokens per second, null before the first measurement. */
  readonly promptTokensPerSecond: number | null;
  /** Sentences that every answer of this model must carry, for example that it runs on another machine. */
  readonly notices: readonly string[];
}

export interface GenerationRequest {
  readonly messages: readonly PromptMessage[];
  /** Upper bound of the answer in tokens. */
  readonly maxTokens: number;
}

/** What a model sends back, in order; `done` is last. */
export type GenerationEvent =
  | { readonly type: 'text'; readonly text: string }
  /** A sentence the caller must see, for example that the server has cut the prompt. */
  | { readonly type: 'notice'; readonly notice: string }
  | {
      readonly type: 'done';
      readonly promptTokens: number;
      readonly outputTokens: number;
      /** True when the model stopped for length, not by itself. */
      readonly truncated: boolean;
    };

/** A language model. Errors: `model_unavailable`, `model_missing`, `model_timeout`, `aborted`. */
export interface Generator {
  describe(signal?: AbortSignal): Promise<GeneratorInfo>;
  generate(request: GenerationRequest, signal?: AbortSignal): AsyncIterable<GenerationEvent>;
}

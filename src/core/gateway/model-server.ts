/** A call of a function that a model asks for. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A turn of a conversation, in the vocabulary that Ollama's, OpenAI's and Anthropic's protocols share. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  readonly thinking?: string;
  /** Base64, without a data URL's head. */
  readonly images?: readonly string[];
  /** What the assistant asked for. */
  readonly toolCalls?: readonly ToolCall[];
  /** Which call a `tool` turn answers. */
  readonly toolName?: string;
  readonly toolCallId?: string;
}

/** What every call of a model says. */
export interface ModelCall {
  /** Name as the server knows it. */
  readonly model: string;
  /** Sampling and length under the names of Ollama's API (`temperature`, `num_predict`, `stop` …). */
  readonly options: Readonly<Record<string, unknown>>;
  /** `json`, or a JSON Schema that the answer must follow. */
  readonly format?: string | object;
  readonly think?: boolean | string;
  /** Seconds, or a duration such as `5m`. */
  readonly keepAlive?: string | number;
  /** Fields of Ollama's protocol that nothing here reads; they travel on as they are. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface ChatCall extends ModelCall {
  readonly messages: readonly ChatMessage[];
  /** In the form of OpenAI's protocol: `{type: 'function', function: {name, description, parameters}}`. */
  readonly tools?: readonly object[];
}

export interface CompletionCall extends ModelCall {
  readonly prompt: string;
  /** Text behind the hole: asks for fill-in-the-middle. */
  readonly suffix?: string;
  readonly system?: string;
  readonly template?: string;
  /** Tokens of an earlier answer, as Ollama gives them. */
  readonly context?: readonly number[];
  /** Code of the project that helps to fill the hole; only with `suffix`, put where the model's family expects it. */
  readonly snippets?: readonly { readonly path: string; readonly text: string }[];
  /** The prompt goes to the model without a template. */
  readonly raw?: boolean;
  readonly images?: readonly string[];
}

export interface EmbedCall {
  readonly model: string;
  readonly inputs: readonly string[];
  /** False: too long an input is an error. Default true. */
  readonly truncate?: boolean;
  readonly dimensions?: number;
  readonly keepAlive?: string | number;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface Embeddings {
  /** One unit-length vector an input, in order. */
  readonly vectors: readonly (readonly number[])[];
  readonly promptTokens: number;
  /** Nanoseconds, as the server says; absent where it says nothing. */
  readonly totalNs?: number;
  readonly loadNs?: number;
}

/** Nanoseconds of the parts of a generation; 0 where the server says nothing. */
export interface GenerationTimes {
  readonly totalNs: number;
  readonly loadNs: number;
  readonly promptNs: number;
  readonly outputNs: number;
}

/** A piece of an answer. Several parts may come at once. */
export interface ModelDelta {
  readonly type: 'delta';
  readonly text: string;
  readonly thinking?: string;
  /** Whole calls, never parts of one. */
  readonly toolCalls?: readonly ToolCall[];
  /** Fields of the server's line that nothing here reads, such as `logprobs`. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The end of an answer. */
export interface ModelDone {
  readonly type: 'done';
  /** `stop`, `length`, `load`, `unload`, or what else a server says. */
  readonly reason: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly times: GenerationTimes;
  /** Tokens of the conversation, as Ollama gives them to `/api/generate`. */
  readonly context?: readonly number[];
  /** Sentences the caller must see that were not known before the answer, for example that the server has cut the prompt. */
  readonly notices?: readonly string[];
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** What a model sends back, in order; `done` is last and always comes, unless an error is thrown. */
export type ModelEvent = ModelDelta | ModelDone;

/** What is known of a model before it is asked. */
export interface ModelInfo {
  readonly name: string;
  /** What tells its weights from others; '' where the server tells nothing of the kind. */
  readonly digest: string;
  /** `host:port`, socket path or `in-process` that runs it. */
  readonly host: string;
  /** Tokens it was trained to take. */
  readonly contextTokens: number;
  /** Tokens of the window that calls run with: one value a model, so that no call makes the server load it anew. */
  readonly windowTokens: number;
  /** `completion`, `tools`, `insert`, `vision`, `embedding`, `thinking`. */
  readonly capabilities: readonly string[];
  readonly family: string;
  /** Such as `6.7B`; '' where unknown. */
  readonly parameterSize: string;
  /** Such as `Q4_K_M`; '' where unknown. */
  readonly quantization: string;
  readonly bytes: number;
  /** ISO time. */
  readonly modifiedAt: string;
  /** Sentences that every answer of this model must carry, for example that it runs on another machine. */
  readonly notices: readonly string[];
}

/** Counts tokens of texts for one model. */
export interface TokenCounter {
  /** True when the model's own vocabulary counts; else the count is an estimate that is rather too high. */
  readonly isExact: boolean;
  count(text: string): number;
}

/** A request that is passed on as it is. */
export interface ForwardedRequest {
  readonly method: string;
  /** With its query, from `/api/` on. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReadableStream<Uint8Array> | string | null;
}

/**
 * A server of language models: Ollama, an OpenAI-compatible one, or a GGUF file in a child process. Errors:
 * `model_unavailable`, `model_missing`, `model_timeout`, `request_invalid` (the server's own words), `forbidden`, `aborted`.
 */
export interface ModelServer {
  models(signal?: AbortSignal): Promise<readonly ModelInfo[]>;
  describe(model: string, signal?: AbortSignal): Promise<ModelInfo>;
  tokenCounter(model: string, signal?: AbortSignal): Promise<TokenCounter>;
  chat(call: ChatCall, signal?: AbortSignal): AsyncIterable<ModelEvent>;
  complete(call: CompletionCall, signal?: AbortSignal): AsyncIterable<ModelEvent>;
  embed(call: EmbedCall, signal?: AbortSignal): Promise<Embeddings>;
  /** Only where the server speaks Ollama's protocol itself. The answer's status and body are the server's own. */
  forward?(request: ForwardedRequest, signal?: AbortSignal): Promise<Response>;
  close?(): Promise<void>;
}

import type { ChatMessage } from './model-server.ts';

/** A model that a server has. */
export interface InstalledModel {
  readonly name: string;
  readonly bytes: number;
  /** ISO time, '' where the server tells none. */
  readonly modifiedAt: string;
  readonly digest: string;
  readonly family: string;
  /** Such as `6.7B`; '' where unknown. */
  readonly parameterSize: string;
  /** Such as `Q4_K_M`; '' where unknown. */
  readonly quantization: string;
}

/** What a server knows of one model. */
export interface ModelDetails {
  readonly name: string;
  readonly family: string;
  readonly parameterSize: string;
  readonly quantization: string;
  /** Tokens it was trained to take, null where unknown. */
  readonly contextTokens: number | null;
  /** Length of its vectors or hidden states, null where unknown. */
  readonly embeddingLength: number | null;
  readonly capabilities: readonly string[];
  /** One `name value` a line. */
  readonly parameters: string;
  readonly system: string;
  readonly template: string;
  readonly license: string;
}

/** A file of this machine, under the name that a server is to know it by. */
export interface LocalFile {
  /** Relative, with `/`. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** What a new model is made of. */
export interface ModelRecipe {
  /** An installed model to start from, null where files are. */
  readonly from: string | null;
  readonly files: readonly LocalFile[];
  readonly adapters: readonly LocalFile[];
  /** Such as `q4_K_M`; null keeps the weights as they are. */
  readonly quantize: string | null;
  readonly template: string | null;
  readonly system: string | null;
  readonly licenses: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly messages: readonly Pick<ChatMessage, 'role' | 'content'>[];
}

/** How far a long step is. */
export interface ModelProgress {
  /** What is done, in a few words. */
  readonly step: string;
  /** Bytes; null where the step has no size. */
  readonly completed: number | null;
  readonly total: number | null;
}

/** One measured answer. */
export interface SpeedSample {
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Times in milliseconds, as the server measured them; the first token as this side saw it. */
  readonly loadMs: number;
  readonly promptMs: number;
  readonly outputMs: number;
  readonly firstTokenMs: number;
}

/** A prompt to measure with. */
export interface SpeedRequest {
  readonly model: string;
  readonly prompt: string;
  /** Longest answer. */
  readonly outputTokens: number;
}

/**
 * The models of a server, to manage them. Errors: `model_unavailable`, `model_missing`, `model_timeout`, `request_invalid`
 * (the server's own words), `forbidden`, `source_unreadable` for a local file, `aborted`.
 */
export interface ModelLibrary {
  list(signal: AbortSignal): Promise<readonly InstalledModel[]>;
  show(model: string, signal: AbortSignal): Promise<ModelDetails>;
  /** Has the server fetch a model from the internet. */
  pull(model: string, watch: ModelWatch): Promise<void>;
  /** Uploads the files that the server lacks, and makes the model. */
  create(model: string, recipe: ModelRecipe, watch: ModelWatch): Promise<void>;
  remove(model: string, signal: AbortSignal): Promise<void>;
  sample(request: SpeedRequest, signal: AbortSignal): Promise<SpeedSample>;
}

/** How a long step is watched and stopped. */
export interface ModelWatch {
  readonly signal: AbortSignal;
  onProgress(progress: ModelProgress): void;
}

import type { ErrorCode } from '../../core/errors.ts';
import type { GenerationTimes } from '../../core/gateway/model-server.ts';

/** What a child process runs: one file, in one window. */
export interface ChildSetup {
  readonly modelPath: string;
  readonly windowTokens: number;
  readonly threads: number;
}

/** A turn of a conversation as node-llama-cpp has it. */
export type Turn =
  | { readonly type: 'system' | 'user'; readonly text: string }
  | { readonly type: 'model'; readonly response: readonly (string | Thought)[] };

/** What a model thought before it answered. */
export interface Thought {
  readonly type: 'segment';
  readonly segmentType: 'thought';
  readonly text: string;
  readonly ended: boolean;
}

/** How the next tokens are chosen, under node-llama-cpp's names; what is absent is left to it. */
export interface Sampling {
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly seed?: number;
  readonly repeatPenalty:
    | false
    | {
        readonly penalty: number;
        readonly frequencyPenalty: number;
        readonly presencePenalty: number;
        readonly lastTokens: number;
      };
}

/** What every generation is told. */
export interface Writing {
  readonly sampling: Sampling;
  /** Null for as many as the window has room for. */
  readonly maxTokens: number | null;
  readonly stop: readonly string[];
  /** `json` for any JSON, a schema, or null. */
  readonly format: 'json' | object | null;
  /** False: the model is not let think first. */
  readonly mayThink: boolean;
}

/** One thing to do. */
export type Job =
  | { readonly kind: 'load' }
  | { readonly kind: 'chat'; readonly turns: readonly Turn[]; readonly writing: Writing }
  | { readonly kind: 'complete'; readonly prompt: string; readonly writing: Writing }
  | { readonly kind: 'fill'; readonly prompt: string; readonly suffix: string; readonly writing: Writing }
  | { readonly kind: 'embed'; readonly inputs: readonly string[]; readonly truncate: boolean };

/** What the parent says. The first message is the setup; one job goes on at a time. */
export type ToChild =
  | { readonly type: 'setup'; readonly setup: ChildSetup }
  | { readonly type: 'start'; readonly id: number; readonly job: Job }
  | { readonly type: 'stop'; readonly id: number };

export interface Piece {
  readonly type: 'piece';
  readonly id: number;
  readonly text: string;
  readonly thinking: string;
}

/** How a job ended well; a job without text or vectors leaves those out. */
export interface Finished {
  readonly type: 'finished';
  readonly id: number;
  readonly reason: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly times: GenerationTimes;
  readonly vectors: readonly Float32Array[];
}

export interface Failed {
  readonly type: 'failed';
  readonly id: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** True when the model could not be loaded: then the process is good for nothing. */
  readonly isFatal: boolean;
}

/** What a child says. `busy` has no content: it is at work. */
export type FromChild = Piece | Finished | Failed | { readonly type: 'busy'; readonly id: number };

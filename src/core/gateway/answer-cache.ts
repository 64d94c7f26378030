import type { RouteKind } from './route.ts';
import type { ChatCall, CompletionCall, ModelEvent, ModelInfo } from './model-server.ts';

/** Answers by the exact hash of everything they depend on. Never by similarity. */
export interface AnswerStore {
  /** Null when there is none, or when it is older than `notBefore` (milliseconds since 1970). */
  read(key: string, notBefore: number): readonly ModelEvent[] | null;
  /** Keeps an answer; the oldest used go when the store is full. A store that fails costs the answer, never the request. */
  write(key: string, events: readonly ModelEvent[]): void;
  size(): { readonly answers: number; readonly bytes: number };
  close(): void;
}

/** A span of a project that a prompt holds, or a file that was considered for it. */
export interface EvidenceKey {
  readonly project: string;
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** SHA-256 of the content. */
  readonly hash: string;
}

/** Everything that an answer depends on. What is added to an answer behind the model, such as cited places, is no part. */
export interface AnswerDependencies {
  /** Changes with every wording of our prompts, so that a new version of Lorekeep does not give old answers. */
  readonly promptVersion: string;
  /** Projects that the caller may read, null for all: callers of different rights never share an answer. */
  readonly scope: readonly string[] | null;
  /** Projects that this request is about. */
  readonly projects: readonly string[];
  /** The model that is asked: its digest stands for its weights, template and defaults. */
  readonly model: ModelInfo;
  /** The call as it is sent, evidence and our own options included. */
  readonly call: ChatCall | CompletionCall;
  /** What the router decided; null where it was not asked. */
  readonly route: { readonly kind: RouteKind; readonly files: readonly string[] } | null;
  readonly evidence: readonly EvidenceKey[];
}

/** How a request uses the cache. */
export interface CacheUse {
  readonly key: string;
  /** May a kept answer be given, and may this one be kept. */
  readonly isWanted: boolean;
}

export interface CachedAnswer {
  readonly verdict: 'hit' | 'miss' | 'off';
  readonly events: AsyncIterable<ModelEvent>;
}

/** Gives kept answers, and lets identical requests share one generation. */
export interface AnswerCache {
  key(dependencies: AnswerDependencies): string;
  answer(
    use: CacheUse,
    generate: (signal: AbortSignal) => AsyncIterable<ModelEvent>,
    signal: AbortSignal,
  ): CachedAnswer;
}

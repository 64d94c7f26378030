import type { ModelEvent } from './model-server.ts';

/** Answers by the exact hash of everything they depend on. Never by similarity. */
export interface AnswerStore {
  /** Null when there is none, or when it is older than `notBefore` (milliseconds since 1970). */
  read(key: string, notBefore: number): readonly ModelEvent[] | null;
  /** Keeps an answer; the oldest used go when the store is full. A store that fails costs the answer, never the request. */
  write(key: string, events: readonly ModelEvent[]): void;
  size(): { readonly answers: number; readonly bytes: number };
  close(): void;
}

/** Everything that an answer depends on; its canonical form is hashed. */
export interface AnswerDependencies {
  /** Version of the prompts that are made here. */
  readonly promptVersion: number;
  /** Projects and the caller's scope. */
  readonly scope: readonly string[];
  readonly modelDigest: string;
  /** Says which model it is where a server gives no digest, with the hour. */
  readonly modelIdentity: string;
  /** The call as it is sent: model, messages with their evidence, options, tools, format. */
  readonly call: object;
  readonly decision: object;
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

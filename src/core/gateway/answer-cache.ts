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

import type { Freshness } from './freshness.ts';
import type { Citation } from './retrieval.ts';

/** A span given to the model, with the number it is cited by. */
export interface Evidence extends Citation {
  /** 1-based, as in `[1]`. */
  readonly number: number;
  /** Signatures of the enclosing definitions, outermost first. */
  readonly context: readonly string[];
  /** Names of the definitions that were found in it, in order; empty where there are none. */
  readonly names?: readonly string[];
  readonly text: string;
  /** Estimated cost in a prompt. */
  readonly tokens: number;
}

export interface Answer {
  readonly mode: 'generated' | 'evidence';
  readonly answer: string;
  /** The evidence that the answer cites; all packed evidence in `evidence` mode or when uncited. */
  readonly citations: readonly (Citation & { readonly number: number })[];
  /** True when a generated answer has no citation that resolves. */
  readonly uncited: boolean;
  /** Citations the model wrote that resolve to nothing, as written; they were removed from the answer. */
  readonly removedCitations: readonly string[];
  /** Model that answered, null in `evidence` mode. */
  readonly model: string | null;
  /** How up to date the evidence is; null where no code was needed. */
  readonly freshness: Freshness | null;
  /** Sentences the caller must see. */
  readonly notices: readonly string[];
}

/** Progress of an answer, in order. */
export type AnswerEvent =
  | {
      readonly type: 'evidence';
      readonly evidence: readonly Evidence[];
      /** True when a model is asked next, which may take a while; false when the answer follows at once. */
      readonly generating: boolean;
      readonly freshness: Freshness | null;
      readonly notices: readonly string[];
    }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'answer'; readonly answer: Answer };

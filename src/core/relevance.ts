/** A file, or lines of it, that answers a question. Lines are 1-based and inclusive. */
export interface RelevantSpan {
  /** Project-relative. */
  readonly path: string;
  readonly startLine?: number;
  readonly endLine?: number;
}

/** A question with what should be found for it. */
export interface LabelledQuestion {
  readonly query: string;
  readonly relevant: readonly RelevantSpan[];
  /** Where it comes from: `commit`, `document`, or what the file it was read from says. */
  readonly source?: string;
  /** Document that holds the very words of the question: finding it proves nothing, so it does not count as a result. */
  readonly takenFrom?: string;
}

/** Rank of a target in a list of results, from 1; null where it was not found. */
export type Rank = number | null;

/** A mean with its 95 % interval. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

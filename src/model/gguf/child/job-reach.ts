import type * as nodeLlamaCpp from 'node-llama-cpp';
import type { FromChild } from '../child-messages.ts';

/** The library, which is loaded here only. */
export type Library = typeof nodeLlamaCpp;

/** Whom a job is done for. */
export interface JobReach {
  readonly id: number;
  readonly tell: (message: FromChild) => void;
  readonly signal: AbortSignal;
  /** Time of `performance.now()` at which the job came; from then on it may have waited for the model. */
  readonly cameAt: number;
}

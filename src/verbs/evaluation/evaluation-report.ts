import type { Config } from '../../config-options.ts';
import type { Estimate, LabelledQuestion, Rank } from '../../core/relevance.ts';
import type { RunProgress } from '../reports.ts';

/** Options that an index depends on, so that two settings of them can be compared. */
export const indexOptions = ['embedder', 'chunkCharacters', 'maxCodeBytes', 'maxDataBytes'] as const;

/** What an index was made with. */
export type IndexSettings = Pick<Config, (typeof indexOptions)[number]>;

/** Budgets that recall is measured within, in tokens. */
export const tokenBudgets = [500, 1000, 2000, 4000] as const;

/** How well files were found: means over questions, each from 0 to 1 (a difference: from -1). */
export interface Scores {
  /** Normalised discounted cumulative gain of the first ten results. */
  readonly ndcg10: Estimate;
  /** Share of questions with a right file in first place. */
  readonly hit1: Estimate;
  /** Share of questions with a right file among the first five results. */
  readonly hit5: Estimate;
  /** Share of the right files among the first ten results. */
  readonly recall10: Estimate;
  /** Share of the right files among the results that fit into so many tokens. */
  readonly recallWithin: Readonly<Record<(typeof tokenBudgets)[number], Estimate>>;
}

export interface SourceScores extends Scores {
  readonly questions: number;
}

/** A question that the other settings answer worse or better. Ranks are of the first right file. */
export interface ChangedQuestion extends LabelledQuestion {
  /** Rank by the present settings, null where it is not among the results. */
  readonly before: Rank;
  /** Rank by the other settings. */
  readonly after: Rank;
}

/** What other settings would change; differences are other minus present, question by question. */
export interface Comparison {
  readonly settings: IndexSettings;
  readonly scores: Scores;
  readonly difference: Scores;
  /** Most changed first. */
  readonly worse: readonly ChangedQuestion[];
  readonly better: readonly ChangedQuestion[];
}

/** How well a project's files are found. */
export interface EvaluationReport {
  readonly project: string;
  /** How many were asked. */
  readonly questions: number;
  readonly settings: IndexSettings;
  readonly scores: Scores;
  readonly bySource: Readonly<Record<string, SourceScores>>;
  readonly against?: Comparison;
  /** Sentences the caller must see. */
  readonly notices: readonly string[];
}

/** What to ask: a file of labelled questions, or so many mined ones. */
export type QuestionRequest =
  /** Absolute path of a file with one JSON object per line. */
  { readonly file: string } | { readonly count: number; readonly seed: number };

export interface QuestionSet {
  readonly questions: readonly LabelledQuestion[];
  readonly notices: readonly string[];
}

/** How far an evaluation is. */
export type EvaluationProgress =
  | { readonly stage: 'ask'; readonly settings: 'present' | 'other'; readonly done: number; readonly total: number }
  | { readonly stage: 'index'; readonly run: RunProgress };

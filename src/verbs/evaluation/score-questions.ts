import type { Hit } from '../../core/retrieval.ts';
import type { Estimate, LabelledQuestion, Rank } from '../../core/relevance.ts';
import {
  estimate,
  ndcg,
  ranksOf,
  recall,
  reciprocalRank,
  resultsWithin,
  resultTokens,
} from '../../retrieval/metrics.ts';
import type { ChangedQuestion, Scores, SourceScores } from './evaluation-report.ts';
import { tokenBudgets } from './evaluation-report.ts';

/** What one question scored. */
export interface QuestionScore {
  readonly question: LabelledQuestion;
  /** Of the first right file among the results. */
  readonly rank: Rank;
  readonly ndcg10: number;
  readonly hit1: number;
  readonly hit5: number;
  readonly recall10: number;
  /** One for each of the token budgets. */
  readonly recallWithin: readonly number[];
}

/** Scores the results of a question, best first, without those of the document that it was taken from. */
export function scoreQuestion(question: LabelledQuestion, results: readonly Hit[]): QuestionScore {
  const hits = results.filter(({ path }) => path !== question.takenFrom);
  const ranks = ranksOf(hits, question.relevant);
  const reciprocal = reciprocalRank(ranks);
  const tokens = hits.map(resultTokens);
  return {
    question,
    rank: reciprocal === 0 ? null : Math.round(1 / reciprocal),
    ndcg10: ndcg(ranks),
    hit1: reciprocal === 1 ? 1 : 0,
    hit5: reciprocal >= 1 / 5 ? 1 : 0,
    recall10: recall(ranks),
    recallWithin: tokenBudgets.map((budget) => recall(ranks, resultsWithin(tokens, budget))),
  };
}

/** Means of the scores of many questions. */
export function meanScores(scores: readonly QuestionScore[]): Scores {
  return estimates((measure) => estimate(scores.map(measure)));
}

/** Means by source of the questions, in the order in which the sources first come. */
export function scoresBySource(scores: readonly QuestionScore[]): Readonly<Record<string, SourceScores>> {
  const groups = Map.groupBy(scores, ({ question }) => question.source ?? 'given');
  return Object.fromEntries(
    [...groups].map(([source, group]) => [source, { questions: group.length, ...meanScores(group) }]),
  );
}

/** Means of what each question gains (or loses) from `before` to `after`; both in the same order. */
export function differenceOf(before: readonly QuestionScore[], after: readonly QuestionScore[]): Scores {
  return estimates((measure) =>
    estimate(
      pairs(before, after).map(([left, right]) => measure(right) - measure(left)),
      [-1, 1],
    ),
  );
}

/** Questions whose first right file moved down and up; most changed first: a place near the top counts most. */
export function changedQuestions(
  before: readonly QuestionScore[],
  after: readonly QuestionScore[],
): { readonly worse: readonly ChangedQuestion[]; readonly better: readonly ChangedQuestion[] } {
  const changed = pairs(before, after)
    .map(([left, right]) => ({ ...left.question, before: left.rank, after: right.rank }))
    .filter((question) => question.before !== question.after)
    .sort((left, right) => Math.abs(gainOf(right)) - Math.abs(gainOf(left)));
  return {
    worse: changed.filter((question) => gainOf(question) < 0),
    better: changed.filter((question) => gainOf(question) > 0),
  };
}

function gainOf({ before, after }: ChangedQuestion): number {
  return reciprocalRank([after]) - reciprocalRank([before]);
}

function pairs(
  before: readonly QuestionScore[],
  after: readonly QuestionScore[],
): (readonly [QuestionScore, QuestionScore])[] {
  return before.flatMap((left, index) => {
    const right = after[index];
    return right === undefined ? [] : [[left, right] as const];
  });
}

function estimates(of: (measure: (score: QuestionScore) => number) => Estimate): Scores {
  const within = tokenBudgets.map((budget, index) => [budget, of((score) => score.recallWithin[index] ?? 0)] as const);
  return {
    ndcg10: of((score) => score.ndcg10),
    hit1: of((score) => score.hit1),
    hit5: of((score) => score.hit5),
    recall10: of((score) => score.recall10),
    recallWithin: Object.fromEntries(within) as Scores['recallWithin'],
  };
}

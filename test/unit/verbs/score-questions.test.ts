import { describe, expect, it } from 'vitest';
import type { LabelledQuestion } from '../../../src/core/relevance.ts';
import {
  changedQuestions,
  differenceOf,
  meanScores,
  scoreQuestion,
  scoresBySource,
} from '../../../src/verbs/evaluation/score-questions.ts';
import { hitOf } from '../../support/fake-service.ts';

const question: LabelledQuestion = { query: 'where', relevant: [{ path: 'a.ts' }], source: 'commit' };
const hits = (...paths: readonly string[]) => paths.map((path) => hitOf({ path, text: 'x'.repeat(1600) }));
/** The score of a question whose file came at a rank, among others. */
const at = (rank: number | null, asked = question) =>
  scoreQuestion(
    asked,
    hits(...Array.from({ length: 20 }, (_, index) => (index + 1 === rank ? 'a.ts' : `${index}.md`))),
  );

describe('the score of a question', () => {
  it('is that of its first right file', () => {
    expect(at(1)).toMatchObject({ rank: 1, ndcg10: 1, hit1: 1, hit5: 1, recall10: 1 });
    expect(at(5)).toMatchObject({ rank: 5, hit1: 0, hit5: 1, recall10: 1 });
    expect(at(6)).toMatchObject({ rank: 6, hit5: 0, recall10: 1 });
    expect(at(11)).toMatchObject({ rank: 11, ndcg10: 0, recall10: 0 });
    expect(at(null)).toMatchObject({ rank: null, ndcg10: 0, hit1: 0, recallWithin: [0, 0, 0, 0] });
  });

  it('counts what fits into budgets of tokens: a result here takes 403 or so', () => {
    expect(at(1).recallWithin).toEqual([1, 1, 1, 1]);
    expect(at(2).recallWithin).toEqual([0, 1, 1, 1]);
    expect(at(4).recallWithin).toEqual([0, 0, 1, 1]);
    expect(at(10).recallWithin).toEqual([0, 0, 0, 0]);
  });

  it('takes each of several right files for a share of the recall', () => {
    const two = { query: 'both', relevant: [{ path: 'a.ts' }, { path: 'b.ts' }] };
    expect(scoreQuestion(two, hits('b.ts', 'x.ts'))).toMatchObject({ rank: 1, hit1: 1, recall10: 0.5 });
  });

  it('does not count the document that holds the words of the question', () => {
    const asked = { ...question, takenFrom: 'README.md' };
    expect(scoreQuestion(asked, hits('README.md', 'README.md', 'a.ts')).rank).toBe(1);
    expect(scoreQuestion(question, hits('README.md', 'README.md', 'a.ts')).rank).toBe(3);
  });
});

describe('scores of many questions', () => {
  it('are means with intervals, over all and by source', () => {
    const document = { ...question, source: 'document' };
    const { source: _, ...given } = question;
    const scores = [at(1), at(null), at(1, document), at(1, given)];
    const all = meanScores(scores);
    expect(all.hit1.mean).toBe(0.75);
    expect(all.hit1.low).toBeLessThan(0.75);
    expect(Object.keys(all.recallWithin)).toEqual(['500', '1000', '2000', '4000']);
    const bySource = scoresBySource(scores);
    expect(Object.entries(bySource).map(([name, { questions, hit1 }]) => [name, questions, hit1.mean])).toEqual([
      ['commit', 2, 0.5],
      ['document', 1, 1],
      ['given', 1, 1],
    ]);
  });

  it('are compared question by question', () => {
    const difference = differenceOf([at(1), at(1), at(2)], [at(1), at(2), at(2)]);
    expect(difference.hit1.mean).toBeCloseTo(-1 / 3, 12);
    expect(difference.recall10).toEqual({ mean: 0, low: 0, high: 0 });
    // The same loss for all is certain, whatever the questions scored.
    expect(differenceOf([at(1), at(1)], [at(2), at(2)]).hit1).toEqual({ mean: -1, low: -1, high: -1 });
  });
});

it('questions that changed come most changed first, a place near the top counting most', () => {
  const named = (query: string): LabelledQuestion => ({ ...question, query });
  const before = [
    at(1, named('same')),
    at(2, named('slips')),
    at(1, named('lost')),
    at(null, named('found')),
    at(20, named('up')),
  ];
  const after = [
    at(1, named('same')),
    at(3, named('slips')),
    at(null, named('lost')),
    at(4, named('found')),
    at(10, named('up')),
  ];
  const { worse, better } = changedQuestions(before, after);
  expect(worse.map(({ query, before: from, after: to }) => [query, from, to])).toEqual([
    ['lost', 1, null],
    ['slips', 2, 3],
  ]);
  expect(better.map(({ query, before: from, after: to }) => [query, from, to])).toEqual([
    ['found', null, 4],
    ['up', 20, 10],
  ]);
  expect(worse[0]).toMatchObject({ relevant: [{ path: 'a.ts' }], source: 'commit' });
});

import { describe, expect, it } from 'vitest';
import { analyseQuestion } from '../../../src/retrieval/query-analysis.ts';

describe('analyseQuestion', () => {
  it.each([
    ['JsonReader', 'symbol'],
    ['Rack::Response', 'symbol'],
    ['field_validator', 'symbol'],
    ['src/core/errors.ts', 'path'],
    ['errors.ts', 'path'],
    ['how are retries scheduled', 'plain'],
    ['登录', 'plain'],
  ])('%s is a %s question', (question, kind) => {
    expect(analyseQuestion(question).kind).toBe(kind);
  });

  it('leaves question words out of the terms', () => {
    const { terms } = analyseQuestion('How does the scheduler retry failed jobs?');
    expect(terms.map(({ term }) => term)).toEqual([
      'scheduler',
      'schedul',
      'retry',
      'retri',
      'failed',
      'fail',
      'jobs',
      'job',
    ]);
  });

  it('keeps stop words when there is nothing else', () => {
    expect(analyseQuestion('what is this').terms.length).toBeGreaterThan(0);
  });

  it('asks for the last part of a qualified name first', () => {
    const [first] = analyseQuestion('Rack::Response').names;
    expect(first).toEqual({ name: 'response', source: 'whole', length: 1 });
  });

  it('asks for identifiers inside a sentence and for adjacent words', () => {
    const { names } = analyseQuestion('where is parseUrl called by the field naming policy');
    expect(names).toContainEqual({ name: 'parseurl', source: 'identifier', length: 1 });
    expect(names).toContainEqual({ name: 'fieldnamingpolicy', source: 'words', length: 3 });
  });

  it('finds quoted phrases and spelled paths', () => {
    const query = analyseQuestion('who prints "no such account" in src/bank/Ledger.java');
    expect(query.phrases).toEqual(['no such account']);
    expect(query.paths).toEqual(['src/bank/ledger.java']);
  });

  it('searches Chinese questions by bigrams without the question words', () => {
    const { terms } = analyseQuestion('用户登录是如何实现的');
    expect(terms.map(({ term }) => term)).toEqual(expect.arrayContaining(['用户', '登录', '实现']));
    expect(terms.map(({ term }) => term)).not.toContain('如何');
  });

  it('is empty for an empty question', () => {
    expect(analyseQuestion('  ')).toMatchObject({ words: [], terms: [], names: [] });
  });
});

import { describe, expect, test } from 'vitest';
import { filterPredicate, olderPredicates, searchableTerms } from '../../../src/store/lance/query.ts';

describe('what LanceDB is asked', () => {
  test('runs of file numbers become ranges', () => {
    expect(filterPredicate({ files: [7, 3, 1, 2, 3, 9] })).toBe('((file >= 1 AND file <= 3) OR file IN (7, 9))');
    expect(filterPredicate({ files: [4, 5] })).toBe('((file >= 4 AND file <= 5))');
    expect(filterPredicate({ files: [] })).toBe('(false)');
  });

  test('languages are quoted', () => {
    expect(filterPredicate({ languages: ["it's", 'go'] })).toBe("language IN ('it''s', 'go')");
    expect(filterPredicate({ languages: ['go'], files: [1] })).toBe("language IN ('go') AND (file IN (1))");
    expect(filterPredicate({})).toBeUndefined();
    expect(filterPredicate(undefined)).toBeUndefined();
  });

  test('deletes are cut into pieces', () => {
    const files = [1, 2, 3].map((file) => ({ file, generation: file + 1 }));
    expect(olderPredicates(files, 2)).toEqual([
      '(file = 1 AND generation < 2) OR (file = 2 AND generation < 3)',
      '(file = 3 AND generation < 4)',
    ]);
  });

  test('terms that cannot match are left out, repeated ones add up', () => {
    const terms = [
      { term: 'a', weight: 1 },
      { term: '', weight: 1 },
      { term: 'b c', weight: 1 },
      { term: 'd', weight: 0 },
      { term: 'e', weight: Number.NaN },
      { term: 'a', weight: 0.5 },
    ];
    expect(searchableTerms(terms)).toEqual([{ term: 'a', weight: 1.5 }]);
  });
});

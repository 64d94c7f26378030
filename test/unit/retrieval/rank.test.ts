import { describe, expect, it } from 'vitest';
import type { SymbolHit } from '../../../src/core/catalogue.ts';
import type { Candidate } from '../../../src/retrieval/candidate.ts';
import { pathNames, wordLikeness } from '../../../src/retrieval/path-match.ts';
import { analyseQuestion } from '../../../src/retrieval/query-analysis.ts';
import { rank } from '../../../src/retrieval/rank.ts';

let nextId = 1;
const fileNumbers = new Map<string, number>();

function candidate(path: string, lexical: number, more: Partial<Candidate> = {}): Candidate {
  const file = fileNumbers.get(path) ?? fileNumbers.size;
  fileNumbers.set(path, file);
  const id = nextId++;
  const hit = { id, file, generation: 1, path, language: 'typescript', kind: 'code' as const, name: '' };
  return {
    project: 'p',
    hit: { ...hit, startLine: id, endLine: id, score: lexical },
    lexical,
    dense: 0,
    cosine: 0,
    lexicalRank: 0,
    denseRank: 0,
    definitions: [],
    ...more,
  };
}

function order(question: string, candidates: readonly Candidate[]): string[] {
  const query = analyseQuestion(question);
  const rarity = new Map(query.words.map((word) => [word, 1]));
  return rank({ query, candidates, rarity, hybrid: false, learned: false }).map((ranked) => ranked.candidate.hit.path);
}

function definitionOf(name: string): Candidate['definitions'][number] {
  const symbol: SymbolHit = {
    name,
    kind: 'class',
    container: '',
    startLine: 1,
    endLine: 9,
    nameStart: 0,
    signature: '',
    file: 0,
    path: '',
    language: '',
    chunk: 0,
  };
  return { symbol, name: name.toLowerCase(), weight: 3 };
}

describe('rank', () => {
  it('puts the definition of the asked symbol first', () => {
    const uses = candidate('src/a.ts', 1);
    const defines = candidate('src/b.ts', 0.2, { definitions: [definitionOf('Ledger')] });
    expect(order('Ledger', [uses, defines])).toEqual(['src/b.ts', 'src/a.ts']);
  });

  it('prefers a file whose name the question mentions', () => {
    expect(order('retry policy', [candidate('src/http.ts', 1), candidate('src/retry-policy.ts', 0.6)])[0]).toBe(
      'src/retry-policy.ts',
    );
  });

  it('puts tests after code unless they are asked for', () => {
    const both = [candidate('test/parser.test.ts', 1), candidate('src/reader.ts', 0.5)];
    expect(order('parse input', both)[0]).toBe('src/reader.ts');
    expect(order('tests of parse input', both)[0]).toBe('test/parser.test.ts');
  });

  it('spends ranks on different files', () => {
    const many = [candidate('src/a.ts', 1), candidate('src/a.ts', 0.9), candidate('src/b.ts', 0.5)];
    expect(order('zzz', many)).toEqual(['src/a.ts', 'src/b.ts', 'src/a.ts']);
  });

  it('explains a score completely', () => {
    const query = analyseQuestion('retry policy');
    const candidates = [candidate('test/retry-policy.ts', 1), candidate('test/retry-policy.ts', 0.5)];
    for (const { score, signals } of rank({
      query,
      candidates,
      rarity: new Map([['retry', 1]]),
      hybrid: false,
      learned: false,
    })) {
      expect(signals.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(score, 9);
    }
  });

  it('orders equal scores by place, whatever the order of the candidates', () => {
    const some = [candidate('b.ts', 0.5), candidate('a.ts', 0.5), candidate('c.ts', 0.5)];
    expect(order('zzz', some)).toEqual(order('zzz', some.toReversed()));
  });

  it('prefers a chunk that holds the quoted phrase', () => {
    const text = 'throw new Error("no such account")';
    const query = 'where is "no such account" thrown';
    expect(order(query, [candidate('x.ts', 1), candidate('y.ts', 0.4, { text })])[0]).toBe('y.ts');
  });
});

describe('wordLikeness', () => {
  it.each([
    ['config', 'config', 1],
    ['parsing', 'parse', 0.95],
    ['auth', 'authentication', 0.8],
    ['serialization', 'serializer', 0.95],
    ['ab', 'abstract', 0],
    ['invoice', 'ledger', 0],
    ['invoice', 'inventory', 0],
  ])('%s ~ %s', (left, right, likeness) => {
    expect(wordLikeness(left, right)).toBe(likeness);
    expect(wordLikeness(right, left)).toBe(likeness);
  });
});

describe('pathNames', () => {
  it('lets index files speak for their folder', () => {
    expect(pathNames('src/defaults/index.js').stemWords).toEqual(['defaults', 'index']);
    expect(pathNames('src/billing/invoice-total.ts')).toEqual({
      stemWords: ['invoice', 'total'],
      folderWords: ['src', 'billing'],
      foldedStem: 'invoicetotal',
    });
  });
});

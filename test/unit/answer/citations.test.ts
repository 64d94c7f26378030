import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CitationFilter } from '../../../src/answer/citations.ts';
import { checkCitations } from '../../support/check-citations.ts';

describe('citations that resolve', () => {
  it.each([
    ['The lock is taken first [1].', 'The lock is taken first [1].', [1]],
    ['It locks [2][3].', 'It locks [2][3].', [2, 3]],
    ['It locks [1, 2] and [3,4].', 'It locks [1][2] and [3][4].', [1, 2, 3, 4]],
    ['It locks [1-3].', 'It locks [1][2][3].', [1, 2, 3]],
    ['It locks [2–3, 5].', 'It locks [2][3][5].', [2, 3, 5]],
    ['It locks[^2].', 'It locks[2].', [2]],
    ['It locks [#2].', 'It locks [2].', [2]],
    ['它先加锁【1】，再写入［２］。', '它先加锁[1]，再写入[2]。', [1, 2]],
    ['它先加锁【1、3】。', '它先加锁[1][3]。', [1, 3]],
    ['它先加锁【2†L10-L20】。', '它先加锁[2]。', [2]],
    ['[1]: src/lock.ts', '[1]: src/lock.ts', [1]],
    ['See [3], then [1], then [3].', 'See [3], then [1], then [3].', [3, 1]],
    ['`take()`[1] and LanceStore[2] and lock.ts[3]', '`take()`[1] and LanceStore[2] and lock.ts[3]', [1, 2, 3]],
    ['[[1]]', '[[1]]', [1]],
    ['[1](src/lock.ts)', '[1](src/lock.ts)', [1]],
  ])('%s', (text, shown, cited) => {
    expect(checkCitations(text, 5)).toEqual({ text: shown, cited, removed: [] });
  });
});

describe('citations that do not resolve are taken out', () => {
  it.each([
    ['It locks [9].', 'It locks.', [], ['[9]']],
    ['It locks [9], then writes [1].', 'It locks, then writes [1].', [1], ['[9]']],
    ['It locks [1, 9].', 'It locks [1].', [1], ['[9]']],
    ['It locks [4-7].', 'It locks.', [], ['[4-7]']],
    ['它先加锁【8】。', '它先加锁。', [], ['【8】']],
    ['[7] says so.', ' says so.', [], ['[7]']],
    ['It locks [1].\n[9]: src/gone.ts\n[1]: src/a.ts', 'It locks [1].\n[1]: src/a.ts', [1], ['[9]']],
    ['  [9]： src/gone.ts', '', [], ['[9]']],
  ])('%s', (text, ...[shown, cited, removed]) => {
    expect(checkCitations(text, 5)).toEqual({ text: shown, cited, removed });
  });

  it('resolves nothing without evidence', () => {
    expect(checkCitations('So [1].', 0)).toEqual({ text: 'So.', cited: [], removed: ['[1]'] });
  });
});

describe('what is no citation stays as it is', () => {
  it.each([
    'const first = `items[1]` here',
    '`` a`[1]`b `` and ``[2]``',
    '```ts\nconst a = items[1];\n```\n',
    '~~~\nrows[2]\n```\nrows[3]\n~~~\n',
    '````md\n```\n[1]\n```\n````\n',
    'text\n  ```\n  [9]\n  ```\nmore',
    '```\nan open fence [1]\nuntil the end [2]',
    'arr[0] and [0-9] and [0]',
    'rows_by_id[17] and user.items[12] and call()[9] and userIds[8]',
    'see [the docs](http://x) and [x] and [ ] done and [a, 1]',
    '[2024] and [1234-1240]',
    '[3-1]',
    '[1',
    '[1\n]',
    '[] [,] [-]',
  ])('%s', (text) => {
    expect(checkCitations(text, 5)).toEqual({ text, cited: [], removed: [] });
  });

  it('sees citations again behind code', () => {
    const text = '```\na[1]\n```\nIt locks [2]. `b[1]` writes [3]. A stray ` tick [4].';
    expect(checkCitations(text, 5)).toEqual({ text, cited: [2, 3, 4], removed: [] });
  });
});

/** Pieces that an answer may hold, among them halves of everything that is looked for. */
const piece = fc.constantFrom(
  'The lock',
  ' ',
  '  ',
  '\n',
  '\n\n',
  '[1]',
  '[2][9]',
  ' [1, 2]',
  '[1-3]',
  '【1】',
  ' ［２］',
  '[^3]',
  '[',
  ']',
  '【',
  '1',
  '-',
  ',',
  '`',
  '``',
  '```',
  '```ts\n',
  '\n```\n',
  '~~~\n',
  '~~~py\n',
  'a[1]',
  'user_ids[7]',
  '[0]',
  '中文',
  '\t',
  '[see',
  '(x)',
  '\r\n',
  '[7]:',
  '†',
);

describe('CitationFilter', () => {
  it('gives the same outcome however the text is split', () => {
    const answer = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(answer, fc.array(fc.nat({ max: 200 }), { maxLength: 30 }), (text, cuts) => {
        const whole = checkCitations(text, 3);
        const filter = new CitationFilter(3);
        let shown = '';
        let from = 0;
        for (const cut of [...cuts.toSorted((one, other) => one - other), text.length]) {
          shown += filter.push(text.slice(from, cut));
          from = Math.max(from, cut);
        }
        shown += filter.end();
        expect({ text: shown, ...filter.outcome() }).toEqual(whole);
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives the same outcome character by character', () => {
    const text = 'It locks [1, 9] in ```\n[2]\n``` and `x[3]` 【2】.\n```\ncode[1]\n```\nEnd [8].';
    const filter = new CitationFilter(3);
    const shown = Array.from(text, (character) => filter.push(character)).join('') + filter.end();
    expect({ text: shown, ...filter.outcome() }).toEqual(checkCitations(text, 3));
  });

  it('shows plain text at once and holds back only what may become a citation', () => {
    const filter = new CitationFilter(3);
    expect(filter.push('The lock')).toBe('The lock');
    expect(filter.push(' is taken [')).toBe(' is taken');
    expect(filter.push('1')).toBe('');
    expect(filter.push('] first')).toBe(' [1] first');
  });

  it('never holds back much: an open bracket or backtick is let go', () => {
    const filter = new CitationFilter(3);
    filter.push('[');
    expect(filter.push('x'.repeat(100))).toHaveLength(101);
    filter.push('`');
    expect(filter.push('y'.repeat(600)).length).toBeGreaterThan(500);
  });

  it('reads a long hostile answer in time', () => {
    const text = '`[1'.repeat(20_000);
    const startedAt = performance.now();
    expect(checkCitations(text, 3).text).toBe(text);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

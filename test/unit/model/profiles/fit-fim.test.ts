import { describe, expect, it } from 'vitest';
import { fitFim } from '../../../../src/model/profiles/fit-fim.ts';

/** A token a character, so that numbers can be followed. */
const count = (text: string): number => text.length;
const lines = (name: string, number: number): string =>
  Array.from({ length: number }, (_, index) => `${name}${index}\n`).join('');

describe('the surroundings of a hole', () => {
  it('stay whole where they fit', () => {
    const parts = { prefix: 'before', suffix: 'behind', snippets: [{ path: 'a', text: 'help' }] };
    expect(fitFim(parts, { tokens: 1_000, count })).toEqual({ parts, notices: [] });
  });

  it('keep what is nearest to the hole, by whole lines, and say what went', () => {
    const prefix = lines('p', 500);
    const suffix = lines('s', 500);
    const { parts, notices } = fitFim({ prefix, suffix, snippets: [] }, { tokens: 1_064, count });
    expect(prefix.endsWith(parts.prefix)).toBe(true);
    expect(suffix.startsWith(parts.suffix)).toBe(true);
    expect(parts.prefix).toMatch(/^p\d+\n/);
    expect(parts.suffix).toMatch(/\ns\d+\n$/);
    expect(parts.prefix.length + parts.suffix.length).toBeLessThanOrEqual(1_000);
    expect(parts.prefix.length).toBeGreaterThan(700);
    expect(parts.suffix.length).toBeGreaterThan(200);
    expect(notices).toEqual([
      expect.stringContaining(`before the hole was ${prefix.length - parts.prefix.length} characters too long`),
      expect.stringContaining('behind the hole'),
    ]);
  });

  it('give the room that one side does not need to the other', () => {
    const long = lines('x', 500);
    const behind = fitFim({ prefix: 'p', suffix: long, snippets: [] }, { tokens: 1_064, count });
    expect(behind.parts.suffix.length).toBeGreaterThan(900);
    const before = fitFim({ prefix: long, suffix: 's', snippets: [] }, { tokens: 1_064, count });
    expect(before.parts.prefix.length).toBeGreaterThan(900);
  });

  it('leave a part to code from elsewhere, the last pieces first', () => {
    const snippets = ['a', 'b', 'c'].map((path) => ({ path, text: path.repeat(100) }));
    const { parts, notices } = fitFim({ prefix: lines('p', 500), suffix: '', snippets }, { tokens: 1_064, count });
    expect(parts.snippets.map(({ path }) => path)).toEqual(['b', 'c']);
    expect(notices).toContainEqual(expect.stringContaining('1 pieces of related code had no room'));
  });

  it.each(['😀', '锁', 'x'])('never end within a character, nor beyond the room: %s', (sign) => {
    for (const tokens of [0, 64, 65, 100, 101, 102]) {
      const { parts } = fitFim({ prefix: sign.repeat(200), suffix: sign.repeat(200), snippets: [] }, { tokens, count });
      expect((parts.prefix + parts.suffix).length).toBeLessThanOrEqual(Math.max(0, tokens - 64));
      expect((parts.prefix + parts.suffix).isWellFormed()).toBe(true);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstBranches } from '../../../grammars/conditional-branches.ts';

describe('firstBranches', () => {
  it('keeps the first branch and blanks the others in place', () => {
    const text = 'a\n#if X\nfirst\n#elif Y\nsecond\n#else\nthird\n#endif\nb\n';
    expect(firstBranches(text)).toBe('a\n     \nfirst\n       \n      \n     \n     \n      \nb\n');
  });

  it('follows nesting and lines that go on', () => {
    const text = '#if A && \\\n  B\none\n#else\n# ifdef C\ntwo\n# endif\nthree\n#endif\nfour';
    expect(firstBranches(text)?.match(/\S+/g)).toEqual(['one', 'four']);
  });

  it('leaves other directives of a kept branch', () => {
    expect(firstBranches('#ifndef A\n#define A 1\n#endif\n')).toContain('#define A 1');
  });

  it('reads lines that end with a carriage return', () => {
    expect(firstBranches('#if A\rx\r#else\ry\r#endif\rz')?.match(/\S+/g)).toEqual(['x', 'z']);
  });

  it('has nothing to do without conditions', () => {
    expect(firstBranches('#define A\nint a; // #if')).toBeNull();
  });

  it('survives what is never opened or closed', () => {
    expect(firstBranches('#endif\n#else\nx\n#if A\ny')?.match(/\S+/g)).toEqual(['x', 'y']);
  });

  it('never moves a character', () => {
    const line = fc.constantFrom('#if A', '  # else', '#endif', '#elif B \\', 'code', 'ü', '', '\\', '#define x');
    const end = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(fc.array(fc.tuple(line, end)), (lines) => {
        const text = `#if\n${lines.flat().join('')}`;
        const kept = firstBranches(text) ?? '';
        expect(kept).toHaveLength(text.length);
        for (let index = 0; index < text.length; index++) expect([text[index], ' ']).toContain(kept[index]);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { movedContext } from '../../../../src/verbs/verify/moved-context.ts';
import { relocate } from '../../../../src/verbs/verify/relocate.ts';
import { sourceFileOf } from '../../../support/source-file-of.ts';

const lined = sourceFileOf;
const hit = (text: string, startLine = 1) => ({ text, startLine });

/** Where each hit is by now, as `first-last`; null where it is not found. */
function places(text: string, ...hits: { text: string; startLine: number }[]): (string | null)[] {
  const spans = relocate(lined(text), hits);
  return hits.map((one) => {
    const span = spans.get(one);
    return span === undefined ? null : `${span.startLine}-${span.endLine}`;
  });
}

describe('relocate', () => {
  it('finds a text at other lines', () => {
    expect(places('// new\n\nfunction f() {\n  go();\n}\n', hit('function f() {\n  go();\n}\n'))).toEqual(['3-5']);
  });

  it('takes whole lines only', () => {
    expect(places('  go();\n', hit('go();\n'))).toEqual([null]);
    expect(places('go(); // here\n', hit('go();\n'))).toEqual([null]);
  });

  it('does not mind blank lines and white space at the ends', () => {
    expect(places('a\nf();  \n', hit('\n  \nf();\n\n'))).toEqual(['2-2']);
    expect(places('a\nf();', hit('f();\n'))).toEqual(['2-2']);
  });

  it('returns whole lines of the text as it is', () => {
    const now = lined('a\r\nf();  \r\nb\r\n');
    const wanted = hit('f();');
    const span = relocate(now, [wanted]).get(wanted)!;
    expect(now.text.slice(span.start, span.end)).toBe('f();  \r\n');
  });

  it('takes the nearest of several', () => {
    expect(places('x\na\na\na\na\nx\n', hit('x\n', 5))).toEqual(['6-6']);
    expect(places('x\na\na\na\na\nx\n', hit('x\n', 2))).toEqual(['1-1']);
  });

  it('never finds two at one place, and keeps the order of equal ones', () => {
    expect(places('a\nx\na\nx\n', hit('x\n', 3), hit('x\n', 1))).toEqual(['4-4', '2-2']);
    expect(places('a\nx\n', hit('x\n', 3), hit('x\n', 1))).toEqual([null, '2-2']);
  });

  it('finds nothing of a blank text', () => {
    expect(places('\n\n', hit('\n'))).toEqual([null]);
  });
});

describe('context of a text that has moved', () => {
  const contextAt = (text: string, wanted: string, context: readonly string[]) => {
    const now = lined(text);
    const one = hit(wanted);
    return movedContext(context, now, relocate(now, [one]).get(one)!);
  };

  it('stays where its head stands above and is not closed before', () => {
    const text = 'class A {\n  // #region\n  one() {\n  }\n\n  two() {\n    go();\n  }\n}\n';
    expect(contextAt(text, '  two() {\n    go();\n  }\n', ['class A'])).toEqual(['class A']);
    expect(contextAt(text, '    go();\n', ['class A', 'two()'])).toEqual(['class A', 'two()']);
  });

  it('goes where the text lies in another definition now, or in none', () => {
    const text = 'class A {\n}\n\nclass B {\n  two() {\n  }\n}\n';
    expect(contextAt(text, '  two() {\n  }\n', ['class A'])).toEqual([]);
    expect(contextAt('function two() {\n}\n', 'function two() {\n}\n', ['class A'])).toEqual([]);
  });

  it('knows a head of several lines, whatever signs are in it', () => {
    const text = 'function f(\n  a = [1],\n  b?: (x) => $y,\n) {\n  go();\n}\n';
    expect(contextAt(text, '  go();\n', ['function f( a = [1], b?: (x) => $y, )'])).toHaveLength(1);
  });

  it('knows a head that the text itself begins with', () => {
    const text = 'function f() {\n  a();\n  b();\n}\n';
    expect(contextAt(text, 'function f() {\n  a();\n', ['function f()'])).toEqual(['function f()']);
  });
});

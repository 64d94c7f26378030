import { describe, expect, it } from 'vitest';
import { definitionLines } from '../../../src/answer/definition-lines.ts';
import { evidenceAnswer } from '../../../src/answer/evidence-answer.ts';
import { evidenceOf } from '../../support/evidence.ts';

describe('definitionLines', () => {
  it.each<[string, string, readonly string[], readonly string[]]>([
    [
      'a doc comment',
      '/**\n * Takes the lock.\n * Fails if taken.\n * And more.\n */\n@logged\nexport function take(): void {\n}',
      ['take'],
      ['Takes the lock.', 'Fails if taken.', 'export function take(): void {'],
    ],
    ['line comments', '// Takes the lock.\nfunc Take() {', ['Take'], ['Takes the lock.', 'func Take() {']],
    [
      'Rust docs and attributes',
      '/// Takes the lock.\n#[inline]\npub fn take() {',
      ['take'],
      ['Takes the lock.', 'pub fn take() {'],
    ],
    [
      'a docstring',
      'def take(path):\n    """Takes the lock."""\n    return 1',
      ['take'],
      ['Takes the lock.', 'def take(path):'],
    ],
    ['a hash comment', '# Takes the lock\ntake() {', ['take'], ['Takes the lock', 'take() {']],
    ['an SQL comment', '-- All orders.\nCREATE TABLE orders (', ['orders'], ['All orders.', 'CREATE TABLE orders (']],
    [
      'two names',
      'const one = 1;\n// The second.\nconst two = 2;',
      ['one', 'two'],
      ['const one = 1;', 'The second.', 'const two = 2;'],
    ],
    ['no name: what says something first', "import a from 'a';\n\n}\nconst limit = 5;", [], ['const limit = 5;']],
    ['a name that is not in the text', 'const limit = 5;', ['gone'], ['const limit = 5;']],
    ['C preprocessor lines, which are no comments', '#include <a.h>\n#define LIMIT 5', ['LIMIT'], ['#define LIMIT 5']],
    ['comments only', '// Just words.\n// And more.', [], ['Just words.', 'And more.']],
    ['nothing', '', [], []],
  ])('finds signature and doc lines in %s', (_case, ...[text, names, lines]) => {
    expect(definitionLines(text, names)).toEqual(lines);
  });

  it('shortens a line that is too long', () => {
    const [line] = definitionLines(`const a = "${'x'.repeat(500)}";`, ['a']);
    expect(line).toHaveLength(160);
  });
});

describe('evidenceAnswer', () => {
  it('lists numbered places with what is there', () => {
    const [first, second] = evidenceOf(2);
    if (first === undefined || second === undefined) throw new Error('no evidence');
    const evidence = [
      { ...first, context: ['class Shop'], names: ['pay'], text: '// Pays.\npay(): void {\n}' },
      { ...second, text: 'const a = 1;' },
    ];
    expect(evidenceAnswer(evidence)).toBe(
      '[1] src/file-1.ts:1-1\n    in class Shop\n    Pays.\n    pay(): void {\n[2] src/file-2.ts:1-1\n    const a = 1;',
    );
  });
});

import { describe, expect, test } from 'vitest';
import { decidingRule, parseIgnoreRules } from '../../../indexer/walk/ignore-rules.ts';
import { compileGlob, matchesGlob, mayMatchBelow } from '../../../indexer/walk/glob-pattern.ts';

/** Whether one ignore file leaves a path out, looking at this path alone. */
function ignores(rules: string, path: string, isFolder = false): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const rule = decidingRule([{ rules: parseIgnoreRules(rules), skip: 0, above: '' }], { path, name, isFolder });
  return rule !== null && !rule.negated;
}

describe('lines of an ignore file', () => {
  test.each([
    ['*.log', 'deep/down/x.log', true],
    ['/x.log', 'deep/x.log', false],
    ['a/b', 'a/b', true],
    ['a/b', 'c/a/b', false],
    ['# x', '# x', false],
    ['\\# x', '# x', true],
    ['\\!x', '!x', true],
    ['x  ', 'x', true],
    ['x\\ ', 'x ', true],
    ['x\\  ', 'x ', true],
    ['x\t', 'x', false],
    ['x\r', 'x', true],
    ['\xef\xbb\xbfx', 'x', true],
    ['x\\', 'x\\', false],
    ['x\\\\', 'x\\', true],
    ['[x', '[x', false],
    ['x\0y', 'x', true],
    ['', 'x', false],
    ['/', 'x', false],
    ['*\n!*.c', 'x.c', false],
    ['*\n!*.c\nx.*', 'x.c', true],
  ])('%j on %j: %s', (rules, path, ignored) => {
    expect(ignores(rules, path)).toBe(ignored);
  });

  test('a slash at the end is for folders only', () => {
    expect(ignores('build/', 'src/build', true)).toBe(true);
    expect(ignores('build/', 'src/build', false)).toBe(false);
  });
});

describe('globs', () => {
  test.each([
    ['**/foo', 'foo', true],
    ['**/foo', 'a/b/foo', true],
    ['a/**', 'a', false],
    ['a/**', 'a/b/c', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/*/b', 'a/x/y/b', false],
    ['a?c', 'a/c', false],
    ['a[/]c', 'a/c', false],
    ['[!a-c]x', 'dx', true],
    ['[]-]', ']', true],
    ['[[:alpha:]_]1', '_1', true],
    ['[[:nope:]]', ':', false],
    ['caf?', 'caf\xc3\xa9', false],
    ['caf??', 'caf\xc3\xa9', true],
    // git's own quirk: `**` right behind the literal head.
    ['foo**/bar', 'foobar', true],
    ['foo**/bar', 'foox/y/bar', true],
    ['?oo**/bar', 'foox/y/bar', false],
  ])('%j on %j: %s', (pattern, path, matched) => {
    const glob = compileGlob(pattern, true);
    expect(glob !== null && matchesGlob(glob, path)).toBe(matched);
  });

  test('many stars cost no more than the square of the length', () => {
    const glob = compileGlob(`${'*a'.repeat(60)}b`, true);
    const folders = compileGlob(`x?/${'**/a/'.repeat(40)}b`, true);
    const started = performance.now();
    expect(glob !== null && matchesGlob(glob, 'a'.repeat(250))).toBe(false);
    expect(folders !== null && matchesGlob(folders, `xy/${'a/'.repeat(1500)}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });

  test.each([
    ['build/keep/x.c', 'build', true],
    ['build/keep/x.c', 'build/keep', true],
    ['build/keep/x.c', 'build/other', false],
    ['build/*/x.c', 'build/other', true],
    ['build/*/x.c', 'build/other/deep', false],
    ['**/x.c', 'any/where', true],
    ['b*/x.c', 'build', true],
    ['build', 'build', false],
  ])('%j may match below %j: %s', (pattern, folder, possible) => {
    const glob = compileGlob(pattern, true);
    expect(glob !== null && mayMatchBelow(glob, folder)).toBe(possible);
  });
});

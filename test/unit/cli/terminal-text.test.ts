import { describe, expect, test } from 'vitest';
import { byteSize, counted, cutToWidth, duration, manyLines, oneLine } from '../../../src/cli/terminal-text.ts';

describe('foreign text on a terminal', () => {
  test('a file name cannot move the cursor, start a line or reorder text', () => {
    expect(oneLine('a\nb\r\t\u001b[2J\u009b31m\u202ecod\u2066')).toBe('a\\nb\\r\\t\\x1b[2J\\x9b31m\\u202ecod\\u2066');
  });

  test('plain names of any script stay as they are', () => {
    expect(oneLine('src/größe/日本語 👍.ts')).toBe('src/größe/日本語 👍.ts');
  });

  test('code keeps its lines; every line end becomes one', () => {
    expect(manyLines('a\r\nb\rc\n\td\u0007')).toBe('a\nb\nc\n  d\\x07');
  });
});

describe('cutToWidth', () => {
  test.each([
    ['short', 10, 'short'],
    ['exactly10!', 10, 'exactly10!'],
    ['eleven char', 10, 'eleven ch…'],
    ['日本語テキスト', 7, '日本語…'],
    ['e\u0301e\u0301e\u0301', 3, 'e\u0301e\u0301e\u0301'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('%s in %i columns', (line, columns, cut) => {
    expect(cutToWidth(line, columns)).toBe(cut);
  });
});

test('figures read well', () => {
  expect([0, 999, 1_000, 99_949, 999_600, 5_250_000].map(byteSize)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '99.9 kB',
    '1.0 MB',
    '5.3 MB',
  ]);
  expect([3, 999.6, 59_949, 59_999, 125_000, 7_800_000].map(duration)).toEqual([
    '3 ms',
    '1.0 s',
    '59.9 s',
    '1 min 00 s',
    '2 min 05 s',
    '2 h 10 min',
  ]);
  expect([counted(1, 'file'), counted(1_234, 'file')]).toEqual(['1 file', '1,234 files']);
});

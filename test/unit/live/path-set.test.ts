import { expect, test } from 'vitest';
import { PathSet } from '../../../indexer/live/path-set.ts';

test('has what was added with all below, and nothing else', () => {
  const paths = new PathSet();
  expect(paths.has('')).toBe(false);
  expect(paths.has('a')).toBe(false);
  paths.add('a/b');
  expect(['a/b', 'a/b/c', 'a/b/c/d'].every((path) => paths.has(path))).toBe(true);
  expect(['', 'a', 'a/bc', 'a/b.py', 'b', 'x/a/b'].some((path) => paths.has(path))).toBe(false);
  paths.add('');
  expect(paths.has('anything/at/all')).toBe(true);
});

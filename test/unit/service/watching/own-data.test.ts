import { expect, test } from 'vitest';
import { outsideOwnData } from '../../../../src/service/watching/own-data.ts';

test.each([
  ['/home/me', '/home/me/.local/share/lorekeep', '.local/share/lorekeep/projects/1/live.json', false],
  ['/home/me', '/home/me/.local/share/lorekeep', '.local/share/lorekeep', false],
  ['/home/me', '/home/me/.local/share/lorekeep', '.local/share/lorekeep-notes/a.md', true],
  ['/home/me/shop', '/home/me/.local/share/lorekeep', '.local/share/lorekeep/a.md', true],
  ['/home/me', '/home/me/..data', '..data/live.json', false],
  ['/home/me', '/home/me', 'a.md', true],
])('in %s with data in %s, is %s part of the project: %s', (...[root, dataFolder, path, expected]) => {
  expect(outsideOwnData(root, dataFolder)(path)).toBe(expected);
});

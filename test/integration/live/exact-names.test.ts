import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ExactNames, foldsNames } from '../../../indexer/live/exact-names.ts';
import { fileTree } from '../../support/file-tree.ts';

test('tells how names are written, where it matters', () => {
  const root = fileTree({ 'Src/café.py': '', 'b.py': '' });
  const names = new ExactNames(root, true);
  const bytes = (path: string) => Buffer.from(path).toString('latin1');
  expect(['Src', 'b.py', bytes('Src/café.py')].map((path) => names.has(path))).toEqual([true, true, true]);
  const others = ['src', 'B.py', bytes('Src/cafe\u0301.py'), 'Src/none', 'none/b.py'];
  expect(others.some((path) => names.has(path))).toBe(false);
  expect(others.every((path) => new ExactNames(root, false).has(path))).toBe(true);
  rmSync(root, { recursive: true });
});

test('sees whether the file system takes names of another case for the same', () => {
  const root = fileTree({ 'b.py': '' });
  const folds = process.platform === 'darwin' || process.platform === 'win32';
  expect(foldsNames(root)).toBe(folds);
  const empty = mkdtempSync(join(tmpdir(), '123-'));
  expect(foldsNames(empty)).toBeNull();
  for (const folder of [root, empty]) rmSync(folder, { recursive: true });
});

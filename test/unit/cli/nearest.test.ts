import { expect, test } from 'vitest';
import { nearest } from '../../../src/cli/nearest.ts';

const commands = ['index', 'status', 'search', 'ask', 'projects', 'remove'];

test.each([
  ['serch', 'search'],
  ['idnex', 'index'],
  ['proj', 'projects'],
  ['stauts', 'status'],
  ['aks', null],
  ['banana', null],
])('%s → %s', (word, meant) => {
  expect(nearest(word, commands)).toBe(meant);
});

import { expect, test } from 'vitest';
import { compareWithGit } from '../support/ignore-trees.ts';

const repositories = 150;

test('rules are git’s, on 3,000 trees that no one has seen before', () => {
  const seed = Date.now() % 1_000_000;
  expect(compareWithGit(seed, repositories)).toMatchObject({ seed, disagreements: [] });
}, 600_000);

import { expect, test } from 'vitest';
import { compareWithGit } from '../../support/ignore-trees.ts';

/** 20 trees each. The long test under test/long takes other seeds and more of them. */
const repositories = 16;
const seed = 20_240;

test(`rules are git's: ${repositories * 20} generated trees against git check-ignore (seed ${seed})`, () => {
  const { paths, ignored, disagreements } = compareWithGit(seed, repositories);
  expect(disagreements).toEqual([]);
  expect(paths).toBeGreaterThan(3000);
  // Rules that match nothing would prove nothing.
  expect(ignored).toBeGreaterThan(400);
}, 60_000);

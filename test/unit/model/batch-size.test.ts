import { expect, it } from 'vitest';
import { BatchSize } from '../../../src/model/batch-size.ts';

const texts = Array.from({ length: 1_000 }, () => 'text');

/** Sizes of the batches that are taken when each text takes `textMs`. */
async function sizesAt(textMs: number, rounds: number): Promise<number[]> {
  let clock = 0;
  const size = new BatchSize(() => clock);
  const sizes: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const batch = size.take(texts, 0);
    sizes.push(batch.length);
    await size.measure(batch, async () => {
      clock += batch.length * textMs;
    });
  }
  return sizes;
}

it('grows by doubling while the server is fast, up to its bound', async () => {
  expect(await sizesAt(1, 6)).toEqual([8, 16, 32, 64, 128, 128]);
});

it('settles where a call takes a second', async () => {
  expect(await sizesAt(50, 4)).toEqual([8, 16, 20, 20]);
});

it('shrinks to single texts on a slow server', async () => {
  expect(await sizesAt(2_000, 5)).toEqual([8, 4, 2, 1, 1]);
});

it('bounds the characters of a batch, but takes one text whatever its length', () => {
  const size = new BatchSize(() => 0);
  const long = ['x'.repeat(150_000), 'x'.repeat(150_000), 'x'.repeat(900_000)];
  expect(size.take(long, 0)).toHaveLength(1);
  expect(size.take(long, 2)).toHaveLength(1);
});

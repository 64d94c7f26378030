import { beforeAll, describe, expect, test } from 'vitest';
import type { Embedder, EmbeddingResult } from '../../src/core/embedding.ts';
import { toServiceError } from '../../src/core/errors.ts';

const vectorOf = (result: EmbeddingResult | undefined): Float32Array => {
  if (result === undefined || !('vector' in result)) throw new Error(`No vector: ${result?.failed ?? 'no result'}`);
  return result.vector;
};
const cosine = (left: Float32Array, right: Float32Array) =>
  left.reduce((sum, value, i) => sum + value * (right[i] ?? 0), 0);

/** What every Embedder must do, whatever its model. */
export function embedderContract(name: string, open: () => Promise<Embedder>): void {
  describe(`${name} as an Embedder`, () => {
    let embedder: Embedder;
    let dimension: number;
    beforeAll(async () => {
      embedder = await open();
      ({ dimension } = await embedder.identity());
    });

    test('has a stable identity', async () => {
      const identity = await embedder.identity();
      expect(identity).toEqual(await embedder.identity());
      expect(identity.model).not.toBe('');
      expect(identity.dimension).toBeGreaterThan(0);
    });

    test('gives one unit vector of the dimension for each text, in order', async () => {
      const texts = ['open the file', 'close the connection', 'sort numbers quickly'];
      const together = await embedder.embedDocuments(texts);
      expect(together).toHaveLength(3);
      for (const result of together) {
        const vector = vectorOf(result);
        expect(vector).toHaveLength(dimension);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 2);
      }
      const reversed = await embedder.embedDocuments(texts.toReversed());
      for (const [i, result] of together.entries()) {
        expect(cosine(vectorOf(result), vectorOf(reversed[2 - i]))).toBeGreaterThan(0.999);
      }
      expect(cosine(vectorOf(together[0]), vectorOf(together[2]))).toBeLessThan(0.999);
    });

    test('no texts, no vectors', async () => {
      expect(await embedder.embedDocuments([])).toEqual([]);
    });

    test('equal texts in one call get equal vectors', async () => {
      const [first, , third] = await embedder.embedDocuments(['same words', 'other words', 'same words']);
      expect(cosine(vectorOf(first), vectorOf(third))).toBeGreaterThan(0.999);
    });

    test('many texts come back complete and in order', async () => {
      const texts = Array.from({ length: 150 }, (_, i) => `function number${i} returns ${i}`);
      const results = await embedder.embedDocuments(texts);
      expect(results).toHaveLength(150);
      const [alone] = await embedder.embedDocuments(texts.slice(97, 98));
      expect(cosine(vectorOf(results[97]), vectorOf(alone))).toBeGreaterThan(0.99);
    });

    test('odd texts get a vector or a reason, and their neighbours a vector', async () => {
      const odd = ['', ' \n\t', '\0', '日本語のコメント', '🙂'.repeat(50), 'x'.repeat(20_000), 'word '.repeat(20_000)];
      const results = await embedder.embedDocuments(odd.flatMap((text) => [text, 'a plain neighbour']));
      expect(results).toHaveLength(odd.length * 2);
      const neighbours = results.filter((_, i) => i % 2 === 1);
      expect(neighbours.map((result) => vectorOf(result).every(Number.isFinite))).toEqual(odd.map(() => true));
      const isSound = (result: EmbeddingResult) =>
        'vector' in result ? result.vector.every(Number.isFinite) : result.failed !== '';
      expect(results.filter((result) => !isSound(result))).toEqual([]);
    });

    test('a question gets a unit vector of the same dimension', async () => {
      const vector = await embedder.embedQuery('where is the file opened?');
      expect(vector).toHaveLength(dimension);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 2);
    });

    test('a call that is stopped rejects', async () => {
      const stopped = AbortSignal.abort();
      const calls = [
        embedder.embedDocuments(['text that was never seen before'], stopped),
        embedder.embedQuery('why?', stopped),
      ];
      const outcomes = await Promise.allSettled(calls);
      expect(outcomes.map((outcome) => outcome.status === 'rejected' && toServiceError(outcome.reason).code)).toEqual([
        'aborted',
        'aborted',
      ]);
    });
  });
}

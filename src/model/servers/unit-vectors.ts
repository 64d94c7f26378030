import type { EmbeddingResult } from '../../core/embedding.ts';
import { ServiceError } from '../../core/errors.ts';
import { unitVector } from '../embedding-batch.ts';

/**
 * Vectors of length 1, cut to `dimensions` where those are fewer, as Ollama does it. Throws `request_invalid` for a text that
 * the model has no vector for.
 */
export function unitVectors(results: readonly EmbeddingResult[], dimensions?: number): readonly (readonly number[])[] {
  return results.map((result, place) => {
    const cut = dimensions === undefined ? result : shortened(result, dimensions);
    if ('vector' in cut) return [...cut.vector];
    throw new ServiceError('request_invalid', `Text ${place + 1} of ${results.length} has no vector: ${cut.failed}`);
  });
}

function shortened(result: EmbeddingResult, dimensions: number): EmbeddingResult {
  if (!('vector' in result) || dimensions >= result.vector.length) return result;
  return unitVector([...result.vector.subarray(0, dimensions)]);
}

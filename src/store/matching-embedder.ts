import type { Embedder, EmbedderIdentity } from '../core/embedding.ts';
import { ServiceError } from '../core/errors.ts';
import { embedderKey } from './index-identity.ts';

/**
 * An embedder for the questions to an index: asks nothing of a model that is not the very one that made the index's
 * vectors, since vectors of two models can be compared without an error and without a meaning (`index_incompatible`).
 */
export function matchingEmbedder(embedder: Embedder, made: EmbedderIdentity): Embedder {
  return {
    identity: (signal) => embedder.identity(signal),
    embedDocuments: (texts, signal) => embedder.embedDocuments(texts, signal),
    async embedQuery(text, signal) {
      const now = await embedder.identity(signal);
      if (embedderKey(now) === embedderKey(made)) return embedder.embedQuery(text, signal);
      throw new ServiceError(
        'index_incompatible',
        `The model "${made.model}" has changed since the index was made. Run \`lorekeep index\` to make it anew.`,
      );
    },
  };
}

import type { IndexIdentity } from '../core/catalogue.ts';
import type { EmbedderIdentity } from '../core/embedding.ts';
import { schemaVersion } from './catalogue/schema.ts';

/** The identity of an index that this version makes with an embedder, null for a lexical one. */
export function indexIdentity(embedder: EmbedderIdentity | null): IndexIdentity {
  return { schema: schemaVersion, embedder };
}

/** True when two indexes may be read and extended as one: same layout, and vectors of the same embedder or none. */
export function identityMatches(left: IndexIdentity, right: IndexIdentity): boolean {
  return left.schema === right.schema && embedderKey(left.embedder) === embedderKey(right.embedder);
}

/** Everything of an embedder that its vectors depend on, as one string. */
export function embedderKey(embedder: EmbedderIdentity | null): string {
  if (embedder === null) return 'none';
  const { model, digest, dimension, documentPrefix, queryPrefix } = embedder;
  return JSON.stringify([model, digest, dimension, documentPrefix, queryPrefix]);
}

/** The value of the `embedder` option that asks for this embedder. */
export function embedderOption(embedder: EmbedderIdentity | null): string {
  if (embedder === null) return 'none';
  const isOption = embedder.model === 'builtin' || embedder.model.startsWith('openai:');
  return isOption ? embedder.model : `ollama:${embedder.model}`;
}

import type { Embedder } from '../../core/embedding.ts';
import type { EmbeddingCall } from '../server-embedder.ts';
import { ServerEmbedder } from '../server-embedder.ts';
import type { OllamaClient } from './ollama-client.ts';

/** Vectors from an Ollama server's `/api/embed`; `now` is a clock in milliseconds. */
export function ollamaEmbedder(client: OllamaClient, model: string, now?: () => number): Embedder {
  const server = {
    model,
    identityName: model,
    async describe(signal?: AbortSignal) {
      const { contextTokens, dimension } = await client.facts(model, signal);
      return { contextTokens, dimension, digest: await client.digest(model, signal) };
    },
    embed: (call: EmbeddingCall, signal?: AbortSignal) => client.embed({ model, ...call }, signal),
  };
  return new ServerEmbedder(server, now);
}

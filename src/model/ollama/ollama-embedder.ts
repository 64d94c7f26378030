import type { Embedder } from '../../core/embedding.ts';
import { ServerEmbedder } from '../server-embedder.ts';
import { keepLoaded } from '../server-generator.ts';
import type { OllamaServer } from './ollama-server.ts';

/** Vectors from an Ollama server's `/api/embed`; `now` is a clock in milliseconds. */
export function ollamaEmbedder(server: OllamaServer, model: string, now?: () => number): Embedder {
  return new ServerEmbedder(
    {
      model,
      identityName: model,
      async describe(signal) {
        const { facts, listed } = await server.know(model, signal);
        return { contextTokens: facts.contextTokens, dimension: facts.dimension, digest: listed.digest };
      },
      async embed({ texts }, signal) {
        const call = { model, inputs: texts, truncate: false, keepAlive: keepLoaded };
        return (await server.embed(call, signal)).vectors;
      },
    },
    now,
  );
}

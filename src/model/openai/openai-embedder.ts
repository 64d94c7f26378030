import type { Embedder } from '../../core/embedding.ts';
import { measureDimension, ServerEmbedder } from '../server-embedder.ts';
import type { EmbeddingCall } from '../server-embedder.ts';
import type { OpenaiClient } from './openai-client.ts';

/**
 * text-embeddings-inference refuses more texts in a call, unless it is told otherwise; against the work on so many texts
 * the cost of a call is small.
 */
const maxTexts = 32;
/** Only a word is measured. */
const anyContext = 512;

/** Vectors from the `/embeddings` of an OpenAI-compatible server; `now` is a clock in milliseconds. */
export function openaiEmbedder(client: OpenaiClient, model: string, now?: () => number): Embedder {
  const embed = ({ texts }: EmbeddingCall, signal?: AbortSignal) => client.embed(model, texts, signal);
  const server = {
    model,
    // The same name on an Ollama server may mean other weights, and other cuts of a text.
    identityName: `openai:${model}`,
    maxTexts,
    embed,
    async describe(signal?: AbortSignal) {
      // Measured first: that loads the model, and only then does llama.cpp tell what it has loaded.
      const dimension = await measureDimension({ model, embed }, anyContext, signal);
      return { dimension, ...(await client.facts(model, signal)) };
    },
  };
  return new ServerEmbedder(server, now);
}

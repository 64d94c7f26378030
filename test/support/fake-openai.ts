import type { ServerResponse } from 'node:http';
import type { Embedder } from '../../src/core/embedding.ts';
import { createOpenaiClient } from '../../src/model/openai/openai-client.ts';
import type { OpenaiOptions } from '../../src/model/openai/openai-client.ts';
import { openaiEmbedder } from '../../src/model/openai/openai-embedder.ts';
import { HashEmbedder } from './hash-embedder.ts';
import { sendJson, startFakeServer } from './fake-server.ts';
import type { FakeAnswer, FakeServer, SeenRequest } from './fake-server.ts';

/** As text-embeddings-inference starts out. */
const maxTexts = 32;
/** Longer than whatever an embedder cuts to 512 tokens. */
const maxCharacters = 4_000;
const hash = new HashEmbedder();

/** What an OpenAI-compatible server sends with an error status. */
export function openaiError(message: string, code: string | number | null = null): object {
  return { error: { message, type: 'invalid_request_error', param: null, code } };
}

/**
 * Vectors of hashed words, three times too long and last text first; refuses what servers refuse: other models than
 * `tiny`, empty texts, long texts and many texts.
 */
export async function embedWords(response: ServerResponse, { body }: SeenRequest): Promise<void> {
  const texts = body['input'] as readonly string[];
  if (body['model'] !== 'tiny') return sendJson(response, openaiError('No such model.'), 404);
  if (texts.length > maxTexts) return sendJson(response, { message: 'too many texts', code: 413 }, 413);
  if (texts.includes('')) return sendJson(response, openaiError('"input" must not be empty.'), 400);
  if (texts.some(({ length }) => length > maxCharacters)) return sendJson(response, openaiError('too long'), 400);
  const vectors = await hash.embedDocuments(texts);
  const data = vectors.map((result, index) => {
    const embedding = 'vector' in result ? [...result.vector].map((value) => value * 3) : [];
    return { object: 'embedding', index, embedding };
  });
  return sendJson(response, { object: 'list', data: data.toReversed(), model: 'tiny' });
}

/** Starts an OpenAI-compatible server with the embedding model `tiny`; `answers` adds to or replaces its paths. */
export function startFakeOpenai(
  answers: Readonly<Record<string, FakeAnswer>> = {},
  listenOn: { readonly socketPath: string } | null = null,
): Promise<FakeServer> {
  const models = { object: 'list', data: [{ id: 'tiny', object: 'model' }] };
  return startFakeServer({ '/v1/models': models, '/v1/embeddings': embedWords, ...answers }, listenOn);
}

/** An embedder that asks a fake server. */
export function openaiEmbedderOf(server: FakeServer, model = 'tiny', options: Partial<OpenaiOptions> = {}): Embedder {
  const reach = { embedderUrl: `${server.url}/v1`, embedderKey: '', allowedHosts: [], ...options };
  return openaiEmbedder(createOpenaiClient(reach), model, () => 0);
}

/** The texts of each call for vectors, without the first, which measures the dimension. */
export function vectorCalls(server: FakeServer): readonly (readonly string[])[] {
  const calls = server.seen.filter(({ path }) => path.endsWith('/embeddings'));
  return calls.slice(1).map(({ body }) => body['input'] as readonly string[]);
}

import { z } from 'zod';
import { ServiceError } from '../../core/errors.ts';
import type { EmbedCall, Embeddings } from '../../core/gateway/model-server.ts';

/**
 * Body of `POST /v1/embeddings`. Beside OpenAI's fields it takes `truncate: true`: too long a text is cut then, while OpenAI's protocol
 * makes it an error.
 */
export const embeddingsBody = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(z.unknown())]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().positive().nullish(),
  truncate: z.boolean().nullish(),
});

export type EmbeddingsBody = z.infer<typeof embeddingsBody>;

/** What an embeddings request asks for. Errors: `request_invalid`. */
export function embedCall({ model, input, dimensions, truncate }: EmbeddingsBody): EmbedCall {
  const inputs: readonly unknown[] = typeof input === 'string' ? [input] : input;
  if (inputs.length === 0) throw new ServiceError('request_invalid', '"input" must not be empty.');
  if (!inputs.every((text) => typeof text === 'string')) {
    throw new ServiceError(
      'request_invalid',
      '"input" must be a text or a list of texts; token numbers are not supported.',
    );
  }
  return {
    model,
    inputs,
    truncate: truncate === true,
    ...(typeof dimensions === 'number' ? { dimensions } : {}),
  };
}

/** The vectors as OpenAI's protocol sends them. */
export function embeddingList(body: EmbeddingsBody, { vectors, promptTokens }: Embeddings): object {
  const encode = body.encoding_format === 'base64' ? base64Floats : (vector: readonly number[]) => vector;
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encode(vector) })),
    model: body.model,
    usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
  };
}

/** Little-endian 32-bit floats, whatever the machine's own order is. */
function base64Floats(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}

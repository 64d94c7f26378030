import type { Embedder, EmbedderIdentity, EmbeddingResult } from '../../core/embedding.ts';
import { ServiceError } from '../../core/errors.ts';
import { estimateTokens, prefixWithin } from '../../text/tokens.ts';
import { BatchSize } from '../batch-size.ts';
import { embedBatch } from '../embedding-batch.ts';
import { embeddingPrefixes } from '../embedding-prefixes.ts';
import type { OllamaClient } from './ollama-client.ts';

/** What the server says of the embedding model, once per embedder. */
interface EmbeddingModel {
  readonly identity: EmbedderIdentity;
  /** Context window that the model is loaded with, in tokens. */
  readonly contextTokens: number;
}

/** Chunks are smaller than this, and some models work worse beyond it than their context says. */
const maxContextTokens = 2_048;
/** For a server that does not tell: the smallest context of the models in use. */
const unknownContextTokens = 512;
/** Room for the marks that a model puts around a text. */
const reservedTokens = 8;
/** So many texts failing in a row, without one success, mean that the model cannot embed at all. */
const hopelessFailures = 16;

/**
 * Vectors from an Ollama server's `/api/embed`. Texts are cut to the model's context here, so that no cut is silent to
 * the index.
 */
export class OllamaEmbedder implements Embedder {
  readonly #client: OllamaClient;
  readonly #model: string;
  readonly #batchSize: BatchSize;
  #described: Promise<EmbeddingModel> | null = null;

  constructor(client: OllamaClient, model: string, now: () => number = () => performance.now()) {
    this.#client = client;
    this.#model = model;
    this.#batchSize = new BatchSize(now);
  }

  async identity(signal?: AbortSignal): Promise<EmbedderIdentity> {
    return (await this.#describe(signal)).identity;
  }

  async embedDocuments(texts: readonly string[], signal?: AbortSignal): Promise<readonly EmbeddingResult[]> {
    const model = await this.#describe(signal);
    const inputs = texts.map((text) => fit(model.identity.documentPrefix, text, model.contextTokens));
    const results: EmbeddingResult[] = [];
    while (results.length < inputs.length) {
      const batch = this.#batchSize.take(inputs, results.length);
      results.push(...(await this.#batchSize.measure(batch, () => this.#embed(batch, model, signal))));
      if (isHopeless(results))
        throw new ServiceError(
          'model_unavailable',
          `The model "${this.#model}" failed on every text (${firstFailure(results)}). Is it an embedding model?`,
        );
    }
    return results;
  }

  async embedQuery(text: string, signal?: AbortSignal): Promise<Float32Array> {
    const model = await this.#describe(signal);
    const [result] = await this.#embed([fit(model.identity.queryPrefix, text, model.contextTokens)], model, signal);
    if (result !== undefined && 'vector' in result) return result.vector;
    throw new ServiceError(
      'model_unavailable',
      `The model "${this.#model}" could not embed the question (${result?.failed ?? 'no answer'}).`,
    );
  }

  async #embed(texts: readonly string[], model: EmbeddingModel, signal?: AbortSignal): Promise<EmbeddingResult[]> {
    const { contextTokens, identity } = model;
    const results = await embedBatch(
      texts,
      (part) => this.#client.embed({ model: this.#model, texts: part, contextTokens }, signal),
      signal,
    );
    for (const result of results) if ('vector' in result) checkDimension(result.vector, identity);
    return results;
  }

  /** Asked once; a failed attempt, or one that its caller stopped, is not kept. */
  #describe(signal?: AbortSignal): Promise<EmbeddingModel> {
    this.#described ??= this.#askServer(signal).catch((error: unknown) => {
      this.#described = null;
      throw error;
    });
    return this.#described;
  }

  async #askServer(signal?: AbortSignal): Promise<EmbeddingModel> {
    const facts = await this.#client.facts(this.#model, signal);
    const digest = await this.#client.digest(this.#model, signal);
    const contextTokens = Math.min(facts.contextTokens ?? unknownContextTokens, maxContextTokens);
    const dimension = facts.dimension ?? (await this.#probeDimension(contextTokens, signal));
    return { identity: { model: this.#model, digest, dimension, ...embeddingPrefixes(this.#model) }, contextTokens };
  }

  async #probeDimension(contextTokens: number, signal?: AbortSignal): Promise<number> {
    const [vector] = await this.#client.embed({ model: this.#model, texts: ['dimension'], contextTokens }, signal);
    return vector?.length ?? 0;
  }
}

/**
 * Prefix and text, cut so that the model's context holds them; a text must not be empty, or the server leaves it out.
 */
function fit(prefix: string, text: string, contextTokens: number): string {
  const budget = contextTokens - reservedTokens - estimateTokens(prefix);
  const cut = text.slice(0, prefixWithin(text, budget));
  return prefix + (cut === '' ? ' ' : cut);
}

function checkDimension(vector: Float32Array, identity: EmbedderIdentity): void {
  if (vector.length === identity.dimension) return;
  throw new ServiceError(
    'index_incompatible',
    `The model "${identity.model}" gave a vector of ${vector.length} numbers instead of ${identity.dimension}. Index anew with --rebuild.`,
  );
}

function isHopeless(results: readonly EmbeddingResult[]): boolean {
  return results.length >= hopelessFailures && results.every((result) => 'failed' in result);
}

function firstFailure(results: readonly EmbeddingResult[]): string {
  const first = results.find((result) => 'failed' in result);
  return first?.failed ?? '';
}

import type { Embedder, EmbedderIdentity, EmbeddingResult } from '../core/embedding.ts';
import { ServiceError } from '../core/errors.ts';
import { estimateTokens, prefixWithin } from '../text/tokens.ts';
import { BatchSize } from './batch-size.ts';
import { embedBatch } from './embedding-batch.ts';
import { embeddingPrefixes } from './embedding-prefixes.ts';

/** What a server says of its embedding model; null for what it does not tell. */
export interface ServedModel {
  /** Content digest of the weights, '' where the server tells none. */
  readonly digest: string;
  readonly dimension: number | null;
  /** Tokens that the model takes. */
  readonly contextTokens: number | null;
}

/** Texts for one call, and the context in tokens that they were cut to. */
export interface EmbeddingCall {
  readonly texts: readonly string[];
  readonly contextTokens: number;
}

/** A model server as an embedder needs it: one model, two calls. */
export interface EmbeddingServer {
  /** As the server names it. */
  readonly model: string;
  /** As an index names it: a name on one kind of server must not be taken for the same on another. */
  readonly identityName: string;
  /** Most texts that the server takes in a call, where it takes few. */
  readonly maxTexts?: number;
  describe(signal?: AbortSignal): Promise<ServedModel>;
  /** One raw vector a text, all or none. */
  embed(call: EmbeddingCall, signal?: AbortSignal): Promise<readonly (readonly number[])[]>;
}

interface EmbeddingModel {
  readonly identity: EmbedderIdentity;
  /** What texts are cut to. */
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
 * Vectors from a model server. Texts are cut to the model's context here, not by the server; a vector does not
 * tell that its text was cut.
 */
export class ServerEmbedder implements Embedder {
  readonly #server: EmbeddingServer;
  readonly #batchSize: BatchSize;
  #described: Promise<EmbeddingModel> | null = null;

  /** `now` is a clock in milliseconds. */
  constructor(server: EmbeddingServer, now: () => number = () => performance.now()) {
    this.#server = server;
    this.#batchSize = new BatchSize(now, server.maxTexts);
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
          `The model "${this.#server.model}" failed on every text (${firstFailure(results)}). Is it an embedding model?`,
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
      `The model "${this.#server.model}" could not embed the question (${result?.failed ?? 'no answer'}).`,
    );
  }

  async #embed(texts: readonly string[], model: EmbeddingModel, signal?: AbortSignal): Promise<EmbeddingResult[]> {
    const { contextTokens } = model;
    const embed = (part: readonly string[]) => this.#server.embed({ texts: part, contextTokens }, signal);
    const results = await embedBatch(texts, embed, signal);
    for (const result of results) if ('vector' in result) checkDimension(result.vector, model.identity);
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
    const { model, identityName } = this.#server;
    const served = await this.#server.describe(signal);
    const contextTokens = Math.min(served.contextTokens ?? unknownContextTokens, maxContextTokens);
    const dimension = served.dimension ?? (await measureDimension(this.#server, contextTokens, signal));
    const identity = { model: identityName, digest: served.digest, dimension, ...embeddingPrefixes(model) };
    return { identity, contextTokens };
  }
}

/** The length of a model's vectors, from the vector of a word. */
export async function measureDimension(
  server: Pick<EmbeddingServer, 'model' | 'embed'>,
  contextTokens: number,
  signal?: AbortSignal,
): Promise<number> {
  const embed = (texts: readonly string[]) => server.embed({ texts, contextTokens }, signal);
  const [result] = await embedBatch(['dimension'], embed, signal);
  if (result !== undefined && 'vector' in result) return result.vector.length;
  throw new ServiceError(
    'model_unavailable',
    `The model "${server.model}" could not embed a word (${result?.failed ?? 'no answer'}). Is it an embedding model?`,
  );
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

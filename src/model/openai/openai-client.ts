import { asRecord, asRecords, positiveInteger } from '../json-answer.ts';
import { otherServerError, vectorCountError } from '../model-error.ts';
import { openaiServer } from '../server-kind.ts';
import { OpenaiReach } from './openai-reach.ts';

/** What an OpenAI-compatible server needs to be reached. */
export interface OpenaiOptions {
  /** What `/embeddings` is added to: `http://host:port/v1`, `https://…` or `unix:/path`. */
  readonly embedderUrl: string;
  /** Sent as a bearer token; '' for a server that wants none. */
  readonly embedderKey: string;
  /** Hosts other than this machine that a person allowed. */
  readonly allowedHosts: readonly string[];
  /** Longest silence of the server, in milliseconds, before it counts as hung. */
  readonly idleTimeoutMs?: number;
}

/** What the server says of a model beyond its name. */
export interface OpenaiFacts {
  /** What tells its weights from others, '' when the server tells nothing of the kind. */
  readonly digest: string;
  /** Tokens that it takes, null when the server does not say. */
  readonly contextTokens: number | null;
}

/**
 * The calls of OpenAI's protocol that Lorekeep makes. Each is bounded in time. Errors: `model_unavailable`,
 * `model_missing`, `model_timeout`, `request_invalid` (the texts are at fault), `config_invalid` (the key), `forbidden`,
 * `aborted`.
 */
export interface OpenaiClient {
  facts(model: string, signal?: AbortSignal): Promise<OpenaiFacts>;
  /** One vector a text, in order; a value that is no number is NaN. */
  embed(model: string, texts: readonly string[], signal?: AbortSignal): Promise<readonly (readonly number[])[]>;
}

/**
 * A client for the server that the options name. Throws `config_invalid` or `forbidden` for a URL that may not be used.
 */
export function createOpenaiClient(options: OpenaiOptions): OpenaiClient {
  const { embedderUrl: url, embedderKey: key, allowedHosts, idleTimeoutMs } = options;
  const server = new OpenaiReach({ url, key, allowedHosts, idleTimeoutMs, kind: openaiServer });
  return {
    async facts(model, signal) {
      const list = await server.lookUp('/models', { model, signal });
      if (list !== null) return listedFacts(asRecords(list['data']), model);
      return infoFacts((await server.lookUpBeside('/info', { model, signal })) ?? {});
    },
    async embed(model, texts, signal) {
      const body = { model, input: texts, encoding_format: 'float' };
      return readVectors(await server.ask({ path: '/embeddings', body, signal }), texts.length, server);
    },
  };
}

/** The vectors of an answer, in the order of the texts; a value that is no number is NaN. */
export function readVectors(
  answer: Readonly<Record<string, unknown>>,
  count: number,
  { endpoint }: Pick<OpenaiReach, 'endpoint'>,
): readonly (readonly number[])[] {
  const { data } = answer;
  // LM Studio answers a path that it does not know with status 200 and an error.
  if (!Array.isArray(data)) throw otherServerError(endpoint, new Error(JSON.stringify(answer['error'] ?? 'no data')));
  const vectors = inOrder(asRecords(data), count);
  if (vectors === null) throw vectorCountError(endpoint, count);
  return vectors;
}

/**
 * What a list of models tells: vLLM the context and the model behind a name, llama.cpp the numbers of the file it has
 * loaded. llama.cpp's context is left alone: a text must fit into its physical batch, which no path tells. A server of one
 * model answers with that one, whatever name it is asked for.
 */
function listedFacts(models: readonly Readonly<Record<string, unknown>>[], model: string): OpenaiFacts {
  const entry = models.find(({ id }) => id === model) ?? (models.length === 1 ? models[0] : undefined) ?? {};
  const { n_params, size } = asRecord(entry['meta']);
  return {
    digest: digestOf([entry['root'], n_params, size]),
    contextTokens: positiveInteger(entry['max_model_len']),
  };
}

/** text-embeddings-inference has no list of models; it says beside `/v1` which one it serves. */
function infoFacts(info: Readonly<Record<string, unknown>>): OpenaiFacts {
  return {
    digest: digestOf([info['model_id'], info['model_sha'], info['model_dtype']]),
    contextTokens: positiveInteger(info['max_input_length']),
  };
}

/** The parts of a digest that a server tells, '' for none. */
export function digestOf(parts: readonly unknown[]): string {
  return parts.filter((part) => typeof part === 'string' || typeof part === 'number').join(' ');
}

/** Vectors in the order of the texts; null when an answer is not one vector for each. */
function inOrder(entries: readonly Readonly<Record<string, unknown>>[], count: number): readonly number[][] | null {
  const byIndex = new Map<unknown, number[]>();
  for (const [place, { index = place, embedding }] of entries.entries()) {
    if (!Array.isArray(embedding)) return null;
    // JSON has no NaN: llama.cpp and others write null.
    byIndex.set(
      index,
      embedding.map((value: unknown) => (typeof value === 'number' ? value : Number.NaN)),
    );
  }
  const vectors = Array.from({ length: count }, (_, index) => byIndex.get(index));
  const isComplete = entries.length === count && vectors.every((vector) => vector !== undefined);
  return isComplete ? vectors : null;
}

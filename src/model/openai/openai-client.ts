import type { ModelEndpoint } from '../allowed-host.ts';
import { resolveEndpoint } from '../allowed-host.ts';
import { requestLimits } from '../bounded-fetch.ts';
import { checkedFetch } from '../checked-fetch.ts';
import type { Reach } from '../checked-fetch.ts';
import { refuseRemoteModel, remoteHostOf } from '../cloud-model.ts';
import { retryBusy } from '../embedding-batch.ts';
import { asRecord, asRecords, positiveInteger } from '../json-answer.ts';
import { connectionError, otherServerError, statusOf, vectorCountError } from '../model-error.ts';
import { openaiServer } from '../server-kind.ts';

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
  const { embedderUrl, embedderKey, allowedHosts, idleTimeoutMs } = options;
  const endpoint = resolveEndpoint(embedderUrl, allowedHosts, openaiServer);
  // The path of a Unix socket leaves no room for the path of the API.
  const base = endpoint.socketPath === null ? endpoint.baseUrl : `${endpoint.baseUrl}/v1`;
  const { quick, slow } = requestLimits(idleTimeoutMs);
  const headers: Readonly<Record<string, string>> =
    embedderKey === '' ? {} : { authorization: `Bearer ${embedderKey}` };
  const ask = async (reach: Reach, url: string, body?: object): Promise<unknown> => {
    refuseRemoteModel(reach.model, remoteHostOf(reach.model, {}), allowedHosts);
    const send = checkedFetch(endpoint, reach);
    const post = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
    const init = body === undefined ? { headers } : { ...post, body: JSON.stringify(body) };
    return readJson(await send(url, init), endpoint);
  };
  const lookUp = async (reach: Reach, url: string): Promise<unknown> => {
    try {
      return await retryBusy(() => ask(reach, url), reach.signal);
    } catch (error) {
      if (isUnknownPath(statusOf(error))) return null;
      throw connectionError(error, endpoint);
    }
  };
  return {
    async facts(model, signal) {
      const reach = { limits: quick, signal, model };
      const list = await lookUp(reach, `${base}/models`);
      if (list !== null) return listedFacts(asRecords(asRecord(list)['data']), model);
      return infoFacts(asRecord(await lookUp(reach, `${base.replace(/\/v1$/, '')}/info`)));
    },
    async embed(model, texts, signal) {
      const body = { model, input: texts, encoding_format: 'float' };
      const answer = asRecord(await ask({ limits: slow, signal, model }, `${base}/embeddings`, body));
      const { data } = answer;
      // LM Studio answers a path that it does not know with status 200 and an error.
      if (!Array.isArray(data))
        throw otherServerError(endpoint, new Error(JSON.stringify(answer['error'] ?? 'no data')));
      const vectors = inOrder(asRecords(data), texts.length);
      if (vectors === null) throw vectorCountError(endpoint, texts.length);
      return vectors;
    },
  };
}

async function readJson(response: Response, endpoint: ModelEndpoint): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    throw error instanceof SyntaxError ? otherServerError(endpoint, error) : error;
  }
}

/** A path that the server does not have. Any other status may pass, and must not look like a server without facts. */
function isUnknownPath(status: number | null): boolean {
  return status === 404 || status === 405 || status === 501;
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

function digestOf(parts: readonly unknown[]): string {
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

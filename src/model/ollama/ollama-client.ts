import { Ollama } from 'ollama';
import type { ChatResponse } from 'ollama';
import type { ModelEndpoint } from '../allowed-host.ts';
import { resolveEndpoint } from '../allowed-host.ts';
import { requestLimits } from '../bounded-fetch.ts';
import { checkedFetch } from '../checked-fetch.ts';
import type { Reach } from '../checked-fetch.ts';
import { refuseRemoteModel, remoteHostOf } from '../cloud-model.ts';
import type { RemoteFields } from '../cloud-model.ts';
import { asRecord, asRecords, positiveInteger } from '../json-answer.ts';
import { otherServerError, statusError, vectorCountError } from '../model-error.ts';
import { streamChat } from './ollama-chat.ts';
import type { ChatCall } from './ollama-chat.ts';

/** What a model server needs to be reached. */
export interface OllamaOptions {
  /** `http://host:port`, `https://…` or `unix:/path`. */
  readonly modelUrl: string;
  /** Hosts other than this machine that a person allowed. */
  readonly allowedHosts: readonly string[];
  /** Longest silence of the server, in milliseconds, before it counts as hung. */
  readonly idleTimeoutMs?: number;
}

/** What the server says of a model. */
export interface ModelFacts {
  /** Tokens that the model was trained to take, null when the server does not say. */
  readonly contextTokens: number | null;
  /** Length of its vectors, null when the server does not say. */
  readonly dimension: number | null;
  readonly capabilities: readonly string[];
  /** Host that the server forwards the model's requests to, null when it runs the model itself. */
  readonly remoteHost: string | null;
}

/**
 * The calls of Ollama that Lorekeep makes. Each is bounded in time and refuses models that run elsewhere. Errors:
 * `model_unavailable`, `model_missing`, `model_timeout`, `request_invalid` (status 400), `forbidden`, `aborted`.
 */
export interface OllamaClient {
  readonly endpoint: ModelEndpoint;
  readonly allowedHosts: readonly string[];
  /** Content digest of an installed model, '' when the server lists it without one. */
  digest(model: string, signal?: AbortSignal): Promise<string>;
  facts(model: string, signal?: AbortSignal): Promise<ModelFacts>;
  /** One vector a text; the count is checked. Too long a text is an error, never cut by the server. */
  embed(call: EmbedCall, signal?: AbortSignal): Promise<readonly (readonly number[])[]>;
  /** The pieces of a streamed answer; the last has `done`. A stream that ends without it is an error. */
  chat(call: ChatCall, signal?: AbortSignal): AsyncIterable<ChatResponse>;
}

export interface EmbedCall {
  readonly model: string;
  readonly texts: readonly string[];
  readonly contextTokens: number;
}

/** How long the server keeps a model in memory after its last call. */
export const keepLoaded = '30m';

/**
 * A client for the server that the options name. Throws `config_invalid` or `forbidden` for a URL that may not be used.
 */
export function createOllamaClient(options: OllamaOptions): OllamaClient {
  const endpoint = resolveEndpoint(options.modelUrl, options.allowedHosts);
  const allowedHosts = options.allowedHosts;
  const { quick, slow } = requestLimits(options.idleTimeoutMs);
  const library = (reach: Reach): Ollama =>
    new Ollama({ host: endpoint.baseUrl, fetch: checkedFetch(endpoint, reach) });
  return {
    endpoint,
    allowedHosts,
    async digest(model, signal) {
      const { models } = await answer(endpoint, library({ limits: quick, signal, model }).list());
      const listed = asRecords(models).find((entry) => isNamed(entry, model));
      if (listed === undefined) {
        throw statusError({ endpoint, status: 404, serverMessage: 'not in the list of models', model });
      }
      refuseRemoteModel(model, remoteHostOf(model, listed), allowedHosts);
      return typeof listed['digest'] === 'string' ? listed['digest'] : '';
    },
    async facts(model, signal) {
      // The name alone can tell: then not even the question is asked.
      refuseRemoteModel(model, remoteHostOf(model, {}), allowedHosts);
      const shown = await answer(endpoint, library({ limits: quick, signal, model }).show({ model }));
      const remoteHost = remoteHostOf(model, shown as RemoteFields);
      refuseRemoteModel(model, remoteHost, allowedHosts);
      return { ...readModelInfo(shown), remoteHost };
    },
    async embed({ model, texts, contextTokens }, signal) {
      const { embeddings } = await answer(
        endpoint,
        library({ limits: slow, signal, model }).embed({
          model,
          input: [...texts],
          truncate: false,
          keep_alive: keepLoaded,
          options: { num_ctx: contextTokens },
        }),
      );
      if (!isVectorList(embeddings) || embeddings.length !== texts.length)
        throw vectorCountError(endpoint, texts.length);
      return embeddings;
    },
    chat: (call, signal) => streamChat({ endpoint, allowedHosts, limits: slow }, call, signal),
  };
}

/**
 * Whether an entry of the server's list is the model; a name without a tag means `latest`, and case does not matter.
 */
function isNamed(entry: Readonly<Record<string, unknown>>, model: string): boolean {
  const wanted = (/:[^/]*$/.test(model) ? model : `${model}:latest`).toLowerCase();
  return [entry['name'], entry['model']].some((name) => String(name).toLowerCase() === wanted);
}

/** Waits for the library; an answer that is no JSON comes from something else than Ollama. */
async function answer<Value>(endpoint: ModelEndpoint, pending: Promise<Value>): Promise<Value> {
  try {
    return await pending;
  } catch (error) {
    throw error instanceof SyntaxError ? otherServerError(endpoint, error) : error;
  }
}

function readModelInfo(shown: unknown): Omit<ModelFacts, 'remoteHost'> {
  const facts = asRecord(shown);
  const info = asRecord(facts['model_info']);
  const architecture = String(info['general.architecture']);
  return {
    contextTokens: positiveInteger(info[`${architecture}.context_length`]),
    dimension: positiveInteger(info[`${architecture}.embedding_length`]),
    capabilities: Array.isArray(facts['capabilities']) ? facts['capabilities'].map(String) : [],
  };
}

function isVectorList(value: unknown): value is number[][] {
  return (
    Array.isArray(value) && value.every((vector) => Array.isArray(vector) && vector.every((x) => typeof x === 'number'))
  );
}

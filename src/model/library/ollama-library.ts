import { ServiceError } from '../../core/errors.ts';
import type { ModelServer } from '../../core/gateway/model-server.ts';
import type {
  InstalledModel,
  LocalFile,
  ModelDetails,
  ModelLibrary,
  ModelRecipe,
  ModelWatch,
} from '../../core/gateway/model-library.ts';
import { resolveEndpoint } from '../allowed-host.ts';
import type { ModelEndpoint } from '../allowed-host.ts';
import { requestLimits } from '../bounded-fetch.ts';
import { checkedFetch } from '../checked-fetch.ts';
import type { Reach } from '../checked-fetch.ts';
import { refuseRemoteModel, remoteHostOf } from '../cloud-model.ts';
import { asRecord, asRecords, positiveInteger, readJsonLines } from '../json-answer.ts';
import { otherServerError, statusError } from '../model-error.ts';
import type { OllamaAddress } from '../ollama/ollama-api.ts';
import { uploadFile } from './blobs.ts';
import { sampleSpeed } from './speed-sample.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The models of the Ollama that the options name; `server` is the same one, as it answers. Throws `config_invalid` or `forbidden` for a
 * URL that may not be used.
 */
export function ollamaLibrary(options: OllamaAddress, server: Pick<ModelServer, 'chat'>): ModelLibrary {
  const endpoint = resolveEndpoint(options.modelUrl, options.allowedHosts);
  const { quick, slow } = requestLimits(options.idleTimeoutMs);
  const ask = (path: string, request: Request): Promise<Fields> => answerOf(endpoint, { path, ...request });
  return {
    async list(signal) {
      const { models } = await ask('/api/tags', { method: 'GET', reach: { limits: quick, signal, model: '' } });
      return asRecords(models).map(installedModel);
    },
    async show(model, signal) {
      return details(model, await ask('/api/show', { body: { model }, reach: { limits: quick, signal, model } }));
    },
    async pull(model, watch) {
      refuseRemoteModel(model, remoteHostOf(model, {}), options.allowedHosts);
      await followSteps(endpoint, { path: '/api/pull', body: { model }, reach: reachOf(model, watch) }, watch);
    },
    async create(model, recipe, watch) {
      const files = await uploadAll(endpoint, recipe.files, watch);
      const adapters = await uploadAll(endpoint, recipe.adapters, watch);
      const body = { model, ...createBody(recipe), ...(files && { files }), ...(adapters && { adapters }) };
      await followSteps(endpoint, { path: '/api/create', body, reach: reachOf(recipe.from ?? model, watch) }, watch);
    },
    async remove(model, signal) {
      const reach = { limits: quick, signal, model };
      await checkedFetch(endpoint, reach)(`${endpoint.baseUrl}/api/delete`, jsonRequest('DELETE', { model }));
    },
    sample: (request, signal) => sampleSpeed(server, request, signal),
  };

  /** Quantizing and checking are silent for as long as they take. */
  function reachOf(model: string, { signal }: ModelWatch): Reach {
    return { limits: { ...slow, idleMs: slow.firstByteMs }, signal, model };
  }
}

interface Request {
  readonly method?: string;
  readonly body?: object;
  readonly reach: Reach;
}

function jsonRequest(method: string, body: object | undefined): RequestInit {
  if (body === undefined) return { method };
  const json = JSON.stringify(body);
  // Node sends the length on its own with POST alone, and Ollama wants to know it with DELETE, too.
  const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(json)) };
  return { method, headers, body: json };
}

async function answerOf(
  endpoint: ModelEndpoint,
  { path, method = 'POST', body, reach }: Request & { readonly path: string },
): Promise<Fields> {
  const response = await checkedFetch(endpoint, reach)(endpoint.baseUrl + path, jsonRequest(method, body));
  const text = await response.text();
  try {
    return asRecord(JSON.parse(text));
  } catch (error) {
    throw otherServerError(endpoint, error as Error);
  }
}

/** Follows a long step to its end; a stream that ends without `success` is an error. */
async function followSteps(
  endpoint: ModelEndpoint,
  { path, body, reach }: Request & { readonly path: string },
  watch: ModelWatch,
): Promise<void> {
  const response = await checkedFetch(endpoint, reach)(endpoint.baseUrl + path, jsonRequest('POST', body));
  for await (const line of readJsonLines(response.body ?? ReadableStream.from([]), endpoint)) {
    const { error, status, completed, total } = line;
    // The server has begun to answer before it looked: its status was 200 already.
    if (typeof error === 'string')
      throw statusError({ endpoint, status: 400, serverMessage: error, model: reach.model });
    if (status === 'success') return;
    watch.onProgress({
      step: typeof status === 'string' ? status : 'working',
      completed: typeof completed === 'number' ? completed : null,
      total: positiveInteger(total),
    });
  }
  const message = `The model server at ${endpoint.label} stopped before it was done. Its log says why.`;
  throw new ServiceError('model_unavailable', message);
}

/** Digests by name, null for no files. */
async function uploadAll(
  endpoint: ModelEndpoint,
  files: readonly LocalFile[],
  watch: ModelWatch,
): Promise<Readonly<Record<string, string>> | null> {
  if (files.length === 0) return null;
  const digests: Record<string, string> = {};
  for (const file of files) digests[file.name] = await uploadFile(endpoint, file, watch);
  return digests;
}

function createBody({ from, quantize, template, system, licenses, parameters, messages }: ModelRecipe): object {
  return {
    ...(from !== null && { from }),
    ...(quantize !== null && { quantize }),
    ...(template !== null && { template }),
    ...(system !== null && { system }),
    ...(licenses.length > 0 && { license: licenses }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(messages.length > 0 && { messages }),
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function installedModel(entry: Fields): InstalledModel {
  const facts = asRecord(entry['details']);
  return {
    name: text(entry['name']),
    bytes: positiveInteger(entry['size']) ?? 0,
    modifiedAt: text(entry['modified_at']),
    digest: text(entry['digest']),
    family: text(facts['family']),
    parameterSize: text(facts['parameter_size']),
    quantization: text(facts['quantization_level']),
  };
}

function details(name: string, shown: Fields): ModelDetails {
  const facts = asRecord(shown['details']);
  const info = asRecord(shown['model_info']);
  const architecture = text(info['general.architecture']);
  return {
    name,
    family: text(facts['family']),
    parameterSize: text(facts['parameter_size']),
    quantization: text(facts['quantization_level']),
    contextTokens: positiveInteger(info[`${architecture}.context_length`]),
    embeddingLength: positiveInteger(info[`${architecture}.embedding_length`]),
    capabilities: Array.isArray(shown['capabilities']) ? shown['capabilities'].map(String) : [],
    parameters: text(shown['parameters']),
    system: text(shown['system']),
    template: text(shown['template']),
    license: text(shown['license']),
  };
}

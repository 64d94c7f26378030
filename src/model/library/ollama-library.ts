import { ServiceError } from '../../core/errors.ts';
import type {
  InstalledModel,
  LocalFile,
  ModelDetails,
  ModelLibrary,
  ModelRecipe,
  ModelWatch,
} from '../../core/gateway/model-library.ts';
import type { ModelServer } from '../../core/gateway/model-server.ts';
import { readError } from '../told-error.ts';
import { refuseRemoteModel, remoteHostOf } from '../cloud-model.ts';
import { asRecord, asRecords, positiveInteger, readJsonLines, readText } from '../json-answer.ts';
import { otherServerError, statusError } from '../model-error.ts';
import { OllamaApi } from '../ollama/ollama-api.ts';
import type { OllamaAddress } from '../ollama/ollama-api.ts';
import type { OpenAnswer } from '../transport/http-exchange.ts';
import { uploadFile } from './blobs.ts';
import { sampleSpeed } from './speed-sample.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The models of the Ollama at an address; `server` is the same one, as it answers. Throws `config_invalid` or `forbidden` for an
 * address that may not be used.
 */
export function ollamaLibrary(address: OllamaAddress, server: Pick<ModelServer, 'chat'>): ModelLibrary {
  const api = new OllamaApi(address);
  return {
    async list(signal) {
      const { models } = await api.lookUp('/api/tags', null, signal);
      return asRecords(models).map(installedModel);
    },
    async show(model, signal) {
      return details(model, await api.lookUp('/api/show', { model }, signal));
    },
    async pull(model, watch) {
      refuseRemoteModel(model, remoteHostOf(model, {}), address.allowedHosts);
      await followSteps(api, { path: '/api/pull', body: { model } }, watch);
    },
    async create(model, recipe, watch) {
      const files = await uploadAll(api, recipe.files, watch);
      const adapters = await uploadAll(api, recipe.adapters, watch);
      const body = { model, ...createBody(recipe), ...(files && { files }), ...(adapters && { adapters }) };
      await followSteps(api, { path: '/api/create', body }, watch);
    },
    async remove(model, signal) {
      const answer = await act(api, { method: 'DELETE', path: '/api/delete', body: { model } }, signal);
      await readText(answer.chunks);
    },
    sample: (request, signal) => sampleSpeed(server, request, signal),
  };
}

/** The version of the Ollama at an address. Errors as the library's. */
export async function ollamaVersion(address: OllamaAddress, signal: AbortSignal): Promise<string> {
  const api = new OllamaApi(address);
  const { version } = await api.lookUp('/api/version', null, signal);
  if (typeof version === 'string') return version;
  throw otherServerError(api.endpoint, new Error('no version'));
}

interface Act {
  readonly method?: string;
  readonly path: string;
  readonly body: { readonly model: string };
}

/** Asks for what changes something on the server: never twice. */
async function act(api: OllamaApi, { method = 'POST', path, body }: Act, signal: AbortSignal): Promise<OpenAnswer> {
  const json = JSON.stringify(body);
  // Node sends the length on its own with POST alone, and Ollama wants to know it with DELETE, too.
  const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(json)) };
  const answer = await api.send({ method, path, headers, body: json, isRepeatable: false }, signal);
  const { status, chunks } = answer;
  if (status === 200) return answer;
  throw statusError({ endpoint: api.endpoint, status, model: body.model, ...readError(await readText(chunks)) });
}

/** Follows a long step to its end; a stream that ends without `success` is an error. */
async function followSteps(api: OllamaApi, step: Act, watch: ModelWatch): Promise<void> {
  const { endpoint } = api;
  const { chunks } = await act(api, step, watch.signal);
  for await (const line of readJsonLines(chunks, endpoint)) {
    const { error, status, completed, total } = line;
    // The server has begun to answer before it looked: its status was 200 already.
    if (typeof error === 'string')
      throw statusError({ endpoint, status: 400, serverMessage: error, model: step.body.model });
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
  api: OllamaApi,
  files: readonly LocalFile[],
  watch: ModelWatch,
): Promise<Readonly<Record<string, string>> | null> {
  if (files.length === 0) return null;
  const digests: Record<string, string> = {};
  for (const file of files) digests[file.name] = await uploadFile(api, file, watch);
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

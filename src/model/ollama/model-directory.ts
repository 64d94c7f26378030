import { toServiceError } from '../../core/errors.ts';
import type { ModelInfo } from '../../core/gateway/model-server.ts';
import { refuseRemoteModel, remoteHostOf } from '../cloud-model.ts';
import { asRecords } from '../json-answer.ts';
import { statusError } from '../model-error.ts';
import { profileOf } from '../profiles/model-profile.ts';
import type { FreeMemory } from './free-memory.ts';
import { loadedModels } from './loaded-models.ts';
import type { LoadedModel } from './loaded-models.ts';
import { listedName, readFacts, readListed } from './model-facts.ts';
import type { ListedModel, ModelFacts } from './model-facts.ts';
import { modelInfo, undescribedInfo } from './model-info.ts';
import type { KnownModel } from './model-info.ts';
import type { OllamaApi } from './ollama-api.ts';
import { SharedLookups } from './shared-lookups.ts';
import { chooseWindow } from './window-tokens.ts';

/** What the directory needs. */
export interface DirectoryParts {
  readonly api: OllamaApi;
  /** Clock in milliseconds. */
  readonly now: () => number;
  readonly freeMemory: () => FreeMemory;
  /** Upper bound of every window in tokens, undefined for none. */
  readonly maxWindowTokens?: number | undefined;
}

/** The list tells which weights a name means; it must be young, for a name may come to mean others. */
const listMs = 10_000;
/** What is known of weights stays true; only a new version of the server tells more of them. */
const factsMs = 600_000;
const maxModels = 500;
/** Questions to the server at once, when all models are asked for. */
const parallelLookups = 4;

/** The server's models. What it says of them is asked for once for many calls; models that run elsewhere are refused. */
export class ModelDirectory {
  readonly #parts: DirectoryParts;
  readonly #lists: SharedLookups<readonly ListedModel[]>;
  readonly #facts: SharedLookups<ModelFacts>;
  /** By digest, for the life of the process: another window would have the server load the model anew. */
  readonly #windows: SharedLookups<number>;

  constructor(parts: DirectoryParts) {
    const { endpoint } = parts.api;
    const { now } = parts;
    this.#parts = parts;
    this.#lists = new SharedLookups({ endpoint, now, keepMs: listMs, maxEntries: 1 });
    this.#facts = new SharedLookups({ endpoint, now, keepMs: factsMs, maxEntries: maxModels });
    this.#windows = new SharedLookups({ endpoint, now, keepMs: Infinity, maxEntries: maxModels });
  }

  /** Errors: `model_missing`, `forbidden` for a model that runs elsewhere, and those of every lookup. */
  async find(model: string, signal?: AbortSignal): Promise<KnownModel> {
    const { api } = this.#parts;
    // The name alone can tell: then not even the question is asked.
    refuseRemoteModel(model, remoteHostOf(model, {}), api.allowedHosts);
    const name = listedName(model);
    const listed = (await this.#list(signal)).find((entry) => listedName(entry.name) === name);
    if (listed === undefined) {
      throw statusError({ endpoint: api.endpoint, status: 404, serverMessage: 'not in the list of models', model });
    }
    return this.#describe(listed, signal);
  }

  /** All models that may be asked; one that the server cannot describe is told with a notice. */
  async all(signal?: AbortSignal): Promise<readonly ModelInfo[]> {
    const waiting = (await this.#list(signal)).filter((listed) => this.#isAllowed(listed.remoteHost)).entries();
    const infos: (ModelInfo | null)[] = [];
    const work = async (): Promise<void> => {
      for (const [place, listed] of waiting) infos[place] = await this.#info(listed, signal);
    };
    await Promise.all(Array.from({ length: parallelLookups }, work));
    return infos.filter((info) => info !== null);
  }

  /** A model as the port tells it. */
  info(known: KnownModel): ModelInfo {
    return modelInfo(known, this.#parts.api.endpoint);
  }

  /** Asks anew from now on: models have been added, changed or removed. */
  forget(): void {
    this.#lists.clear();
    this.#facts.clear();
  }

  #list(signal?: AbortSignal): Promise<readonly ListedModel[]> {
    const load = async (stop: AbortSignal): Promise<readonly ListedModel[]> =>
      asRecords((await this.#parts.api.lookUp('/api/tags', null, stop))['models']).map(readListed);
    return this.#lists.get('', load, signal);
  }

  async #describe(listed: ListedModel, signal?: AbortSignal): Promise<KnownModel> {
    const { name, digest } = listed;
    const { api } = this.#parts;
    refuseRemoteModel(name, listed.remoteHost, api.allowedHosts);
    const load = async (stop: AbortSignal): Promise<ModelFacts> =>
      readFacts(name, await api.lookUp('/api/show', { model: name }, stop));
    // Where weights have no digest, only the list's age bounds what is believed of them.
    const key = digest === '' ? `${name} ${Math.floor(this.#parts.now() / listMs)}` : `${name} ${digest}`;
    const facts = await this.#facts.get(key, load, signal);
    refuseRemoteModel(name, facts.remoteHost, api.allowedHosts);
    const profile = profileOf({ name, family: listed.family, baseName: facts.baseName });
    return { listed, facts, profile, windowTokens: await this.#window({ listed, facts, profile }, signal) };
  }

  async #info(listed: ListedModel, signal?: AbortSignal): Promise<ModelInfo | null> {
    try {
      return this.info(await this.#describe(listed, signal));
    } catch (error) {
      if (signal?.aborted === true) throw error;
      return undescribedInfo(listed, this.#parts.api.endpoint, toServiceError(error));
    }
  }

  #window({ listed, facts, profile }: Omit<KnownModel, 'windowTokens'>, signal?: AbortSignal): Promise<number> {
    const { api, freeMemory, maxWindowTokens = Infinity } = this.#parts;
    const isHere = facts.remoteHost === null && !api.endpoint.remote;
    const load = async (stop: AbortSignal): Promise<number> => {
      const chosen = chooseWindow({
        trainedTokens: facts.contextTokens ?? (profile.isKnown ? profile.contextTokens : null),
        isEmbedder: facts.capabilities.includes('embedding'),
        kvBytesPerToken: facts.kvBytesPerToken,
        weightBytes: listed.bytes,
        memory: isHere ? freeMemory() : null,
        loaded: await this.#loaded(listed.digest, stop),
      });
      return Math.min(chosen, maxWindowTokens);
    };
    return this.#windows.get(`${listed.digest || listed.name} ${facts.remoteHost ?? ''}`, load, signal);
  }

  /** How the server runs the weights now; null also where it does not tell. */
  async #loaded(digest: string, signal?: AbortSignal): Promise<LoadedModel | null> {
    try {
      return (await loadedModels(this.#parts.api, signal)).find((model) => model.digest === digest) ?? null;
    } catch (error) {
      if (signal?.aborted === true) throw error;
      return null;
    }
  }

  #isAllowed(remoteHost: string | null): boolean {
    try {
      refuseRemoteModel('', remoteHost, this.#parts.api.allowedHosts);
      return true;
    } catch {
      return false;
    }
  }
}

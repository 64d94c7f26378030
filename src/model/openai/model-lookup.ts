import { RecentMap } from '../../core/gateway/recent-map.ts';
import type { ModelInfo } from '../../core/gateway/model-server.ts';
import { asRecord, asRecords } from '../json-answer.ts';
import { statusError } from '../model-error.ts';
import { dialectOf } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { lmStudioEntry, modelInfo } from './model-facts.ts';
import type { OpenaiLookup, OpenaiReach } from './openai-reach.ts';

/** What a server told holds for so long: every request asks for it, and models do not change by the second. */
const holdsMs = 10_000;
const maxModels = 100;

type Entry = Readonly<Record<string, unknown>>;

interface Listed {
  readonly at: number;
  readonly entries: readonly Entry[];
  readonly dialect: Dialect;
}

/** Asks a server what models it has, and remembers it for a moment. */
export class ModelLookup {
  readonly #server: OpenaiReach;
  readonly #now: () => number;
  readonly #described = new RecentMap<string, { readonly at: number; readonly info: ModelInfo }>(maxModels);
  #list: Listed | null = null;

  constructor(server: OpenaiReach, now: () => number) {
    this.#server = server;
    this.#now = now;
  }

  /** The kind of the server. */
  async dialect(model: string, signal?: AbortSignal): Promise<Dialect> {
    return (await this.#listed(model, signal)).dialect;
  }

  /** Every model in the server's list; empty for a server that has none. */
  async all(signal?: AbortSignal): Promise<readonly ModelInfo[]> {
    const { entries, dialect } = await this.#listed('', signal);
    const names = entries.map(({ id }) => id).filter((id) => typeof id === 'string');
    const own = await this.#ownFacts(dialect, { model: '', signal });
    return names.map((model) => this.#info(model, { entries, dialect, own: ownOf(dialect, own, model) }));
  }

  /** Throws `model_missing` where the server has a list and the model is not in it. */
  async describe(model: string, signal?: AbortSignal): Promise<ModelInfo> {
    const known = this.#described.get(model);
    if (known !== undefined && this.#now() - known.at < holdsMs) return known.info;
    const { entries, dialect } = await this.#listed(model, signal);
    const own = await this.#ownFacts(dialect, { model, signal });
    const info = this.#info(model, { entries, dialect, own: ownOf(dialect, own, model) });
    this.#described.set(model, { at: this.#now(), info });
    return info;
  }

  #info(model: string, told: { entries: readonly Entry[]; dialect: Dialect; own: Entry }): ModelInfo {
    const { entries, dialect, own } = told;
    const { endpoint } = this.#server;
    const entry =
      entries.find(({ id }) => id === model || id === `${model}:latest`) ??
      (entries.length === 1 && dialect.takesAnyName ? entries[0] : undefined);
    if (entry === undefined && entries.length > 0 && !dialect.takesAnyName)
      throw statusError({ endpoint, status: 404, serverMessage: 'not in its list of models', model });
    return modelInfo({ endpoint, dialect, model, entry: entry ?? {}, own });
  }

  async #listed(model: string, signal: AbortSignal | undefined): Promise<Listed> {
    if (this.#list !== null && this.#now() - this.#list.at < holdsMs) return this.#list;
    const answer = (await this.#server.lookUp('/models', { model, signal })) ?? {};
    const entries = asRecords(answer['data']);
    this.#list = { at: this.#now(), entries, dialect: dialectOf(entries) };
    return this.#list;
  }

  /** What stands beside the protocol: llama.cpp tells the window of the one model it runs, LM Studio of each. */
  async #ownFacts(dialect: Dialect, lookup: OpenaiLookup): Promise<unknown> {
    if (dialect.name === 'llama.cpp') return await this.#server.lookUpBeside('/props', lookup);
    if (dialect.name !== 'LM Studio') return null;
    const older = await this.#server.lookUpBeside('/api/v0/models', lookup);
    return Array.isArray(asRecord(older)['data']) ? older : await this.#server.lookUpBeside('/api/v1/models', lookup);
  }
}

function ownOf(dialect: Dialect, facts: unknown, model: string): Entry {
  return dialect.name === 'LM Studio' ? lmStudioEntry(facts, model) : asRecord(facts);
}

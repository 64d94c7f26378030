import type { TokenCounter } from '../../core/gateway/model-server.ts';
import { estimateTokens } from '../../text/tokens.ts';
import { asRecord } from '../json-answer.ts';
import type { ListedModel } from './model-facts.ts';
import type { OllamaApi } from './ollama-api.ts';
import { SharedLookups } from './shared-lookups.ts';

/** Makes a counter from the `model_info` of a verbose `/api/show`; null for a vocabulary that it does not know. */
export type VocabularyCounter = (modelInfo: Readonly<Record<string, unknown>>) => TokenCounter | null;

/** What counters are made with. */
export interface CounterParts {
  readonly api: OllamaApi;
  /** Clock in milliseconds. */
  readonly now: () => number;
  readonly vocabularyCounter: VocabularyCounter | undefined;
}

/** Vocabularies are large: the ones that were used last are kept. */
const maxVocabularies = 8;

/** Counters of tokens by the models' own vocabularies, where the server gives them; estimates elsewhere. */
export class TokenCounters {
  readonly #parts: CounterParts;
  readonly #counters: SharedLookups<TokenCounter>;

  constructor(parts: CounterParts) {
    const { api, now } = parts;
    this.#parts = parts;
    this.#counters = new SharedLookups({
      endpoint: api.endpoint,
      now,
      maxEntries: maxVocabularies,
      // Weights of one digest have one vocabulary for ever.
      keepMs: Infinity,
    });
  }

  async of({ name, digest }: ListedModel, signal?: AbortSignal): Promise<TokenCounter> {
    const { api, vocabularyCounter } = this.#parts;
    if (vocabularyCounter === undefined || digest === '') return estimate;
    const load = async (stop: AbortSignal): Promise<TokenCounter> => {
      const body = { model: name, verbose: true };
      const shown = await api.call({ path: '/api/show', body, signal: stop });
      return vocabularyCounter(asRecord(shown['model_info'])) ?? estimate;
    };
    return this.#counters.get(digest, load, signal);
  }
}

const estimate: TokenCounter = { isExact: false, count: estimateTokens };

import { asRecord, asRecords, positiveInteger } from '../json-answer.ts';
import { listedName, textOf } from './model-facts.ts';
import type { OllamaApi } from './ollama-api.ts';

/** A model that the server holds in memory. */
export interface LoadedModel {
  readonly name: string;
  readonly digest: string;
  /** All memory that it takes, and the part of it that is on graphics processors. */
  readonly bytes: number;
  readonly gpuBytes: number;
  /** Tokens of its context window, null where the server does not tell. */
  readonly windowTokens: number | null;
  /** When the server will let go of it, in milliseconds since 1970; NaN where unknown. */
  readonly expiresAt: number;
}

/** What the server holds in memory now. */
export async function loadedModels(api: OllamaApi, signal?: AbortSignal): Promise<readonly LoadedModel[]> {
  const { models } = asRecord(await api.lookUp('/api/ps', null, signal));
  return asRecords(models).map((entry) => ({
    name: listedName(textOf(entry['name'] ?? entry['model'])),
    digest: textOf(entry['digest']),
    bytes: positiveInteger(entry['size']) ?? 0,
    gpuBytes: positiveInteger(entry['size_vram']) ?? 0,
    windowTokens: positiveInteger(entry['context_length']),
    expiresAt: Date.parse(textOf(entry['expires_at'])),
  }));
}

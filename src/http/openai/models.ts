import type { ModelInfo } from '../../core/gateway/model-server.ts';

/** A model as OpenAI's protocol lists it, with the window that requests run with under vLLM's name for it. */
export function openaiModel({ name, modifiedAt, windowTokens }: ModelInfo): object {
  const created = Math.floor(Date.parse(modifiedAt) / 1000);
  return {
    id: name,
    object: 'model',
    created: Number.isNaN(created) ? 0 : created,
    owned_by: 'library',
    max_model_len: windowTokens,
  };
}

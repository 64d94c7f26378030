import type { ModelInfo } from '../../core/gateway/model-server.ts';

/** A model as Anthropic's protocol lists it. */
export function anthropicModel({ name, modifiedAt, windowTokens }: ModelInfo): object {
  return {
    type: 'model',
    id: name,
    display_name: name,
    created_at: Number.isNaN(Date.parse(modifiedAt)) ? '1970-01-01T00:00:00Z' : modifiedAt,
    max_input_tokens: windowTokens,
    max_tokens: windowTokens,
  };
}

/** All models on one page. */
export function anthropicModels(models: readonly ModelInfo[]): object {
  return {
    data: models.map(anthropicModel),
    has_more: false,
    first_id: models[0]?.name ?? null,
    last_id: models.at(-1)?.name ?? null,
  };
}

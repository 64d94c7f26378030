import { ServiceError } from '../../core/errors.ts';
import type { EmbedCall } from '../../core/gateway/model-server.ts';
import type { HttpApp, HttpContext, HttpParts } from '../http-parts.ts';
import { readBody } from '../read-body.ts';
import { isUnset, modelRequired, setOptions } from './ollama-call.ts';
import { askOllama, passedOn } from './pass-on.ts';
import { embedBody, embeddingsBody } from './request-schemas.ts';

/** Adds `/api/embed` and the older `/api/embeddings`. */
export function addEmbeddingRoutes(app: HttpApp, { gateway }: HttpParts): void {
  app.post('/api/embed', async (context) => {
    const body = await readBody(context, embedBody);
    if (isUnset(body.model))
      throw new ServiceError('model_missing', 'model "" not found: name one in the field `model`.');
    const { truncate, dimensions } = body;
    const inputs = typeof body.input === 'string' ? [body.input].filter((text) => text !== '') : (body.input ?? []);
    const call: EmbedCall = {
      ...sharedOf({ ...body, model: body.model }),
      inputs,
      ...(typeof truncate === 'boolean' ? { truncate } : {}),
      ...(typeof dimensions === 'number' ? { dimensions } : {}),
    };
    const { vectors, promptTokens, totalNs, loadNs } = await gateway.embed(call, context.get('request'));
    if (inputs.length === 0) return context.json({ model: body.model, embeddings: [] });
    return context.json({
      model: body.model,
      embeddings: vectors,
      ...(totalNs ? { total_duration: totalNs } : {}),
      ...(loadNs ? { load_duration: loadNs } : {}),
      ...(promptTokens ? { prompt_eval_count: promptTokens } : {}),
    });
  });

  app.post('/api/embeddings', async (context) => {
    const body = await readBody(context, embeddingsBody);
    if (isUnset(body.model)) throw modelRequired();
    const original = await originalEmbedding(context, gateway, { ...body, model: body.model });
    if (original !== null) return original;
    const inputs = [body.prompt ?? ''].filter((text) => text !== '');
    const { vectors } = await gateway.embed(
      { ...sharedOf({ ...body, model: body.model }), inputs },
      context.get('request'),
    );
    return context.json({ embedding: vectors[0] ?? [] });
  });
}

/**
 * Ollama's own answer to the older route, whose vectors are as long as the model made them; those of the gateway have the length 1. Null
 * where no Ollama knows the model: then the unit vector must do, which points the same way.
 */
async function originalEmbedding(
  context: HttpContext,
  gateway: HttpParts['gateway'],
  body: Readonly<Record<string, unknown>> & { readonly model: string },
): Promise<Response | null> {
  const request = context.get('request');
  // Refuses models that the caller may not use, or that run on another machine, before anything is sent.
  await gateway.describe(body.model, request);
  const model = gateway.resolveModel(body.model);
  request.trace.model = model;
  // Another window than the one that all calls run with would have the model loaded anew.
  const { num_ctx: _, ...options } = (body['options'] ?? {}) as Record<string, unknown>;
  const sent = { ...body, model, ...(body['options'] ? { options } : {}) };
  const call = { path: '/api/embeddings', body: sent };
  const response = await askOllama(gateway, call, request);
  return response === null || response.status === 404 ? null : passedOn(response, request);
}

function sharedOf(body: {
  readonly model: string;
  readonly keep_alive?: string | number | null | undefined;
  readonly options?: Readonly<Record<string, unknown>> | null | undefined;
}): Pick<EmbedCall, 'model' | 'keepAlive' | 'options'> {
  const { model, keep_alive: keepAlive } = body;
  return {
    model,
    options: setOptions(body.options),
    ...(keepAlive === null || keepAlive === undefined ? {} : { keepAlive }),
  };
}

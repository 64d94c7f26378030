import { z } from 'zod';
import { ServiceError } from '../../core/errors.ts';

/** Fields for sampling that OpenAI's protocols share, and three that servers of local models understand beside them. */
export const samplingFields = {
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
  presence_penalty: z.number().nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  top_k: z.int().nullish(),
  min_p: z.number().nullish(),
  repeat_penalty: z.number().nullish(),
  n: z.int().nullish(),
  logit_bias: z.record(z.string(), z.number()).nullish(),
} as const;

type Sampling = z.infer<z.ZodObject<typeof samplingFields>>;

/** The fields under Ollama's names; what was not given is undefined or null. Errors: `request_invalid`. */
export function samplingOptions(fields: Partial<Sampling>): Readonly<Record<string, unknown>> {
  const { n, logit_bias: bias, stop } = fields;
  if ((n ?? 1) !== 1) throw new ServiceError('request_invalid', '"n" must be 1: one answer a request is made.');
  if (Object.keys(bias ?? {}).length > 0) throw unsupported('logit_bias');
  return {
    temperature: fields.temperature,
    top_p: fields.top_p,
    frequency_penalty: fields.frequency_penalty,
    presence_penalty: fields.presence_penalty,
    seed: fields.seed,
    stop: typeof stop === 'string' ? [stop] : stop,
    top_k: fields.top_k,
    min_p: fields.min_p,
    repeat_penalty: fields.repeat_penalty,
  };
}

/** Refuses fields that would change the answer and cannot be honoured. Errors: `request_invalid`. */
export function refuseFields(body: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  const given = names.find((name) => body[name] !== undefined && body[name] !== null && body[name] !== false);
  if (given !== undefined) throw unsupported(given);
}

function unsupported(field: string): ServiceError {
  return new ServiceError('request_invalid', `"${field}" is not supported here; leave it out.`);
}

import { z } from 'zod';
import { lorekeepField } from '../lorekeep-options.ts';

/** A Go duration such as `5m`, `1h30m`, `-1s` or `0`. */
const goDuration = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/** Ollama's server gives up at the first sign that is no base64, too; a data URL's head is such a sign. */
const base64 = /^[A-Za-z0-9+/\r\n]*={0,2}[\r\n]*$/;

const text = z.string().nullish();
const number = z.number().nullish();
const flag = z.boolean().nullish();
const images = z.array(z.string().regex(base64, 'must be base64, without the head of a data URL')).nullish();

/** Options with a type of their own; others travel on as they are, as Ollama only logs them. */
const options = z
  .looseObject({
    ...Object.fromEntries(
      [
        ['num_ctx', 'num_batch', 'num_gpu', 'main_gpu', 'num_thread', 'num_keep', 'seed', 'num_predict', 'top_k'],
        ['top_p', 'min_p', 'typical_p', 'repeat_last_n', 'temperature', 'repeat_penalty', 'presence_penalty'],
        ['frequency_penalty'],
      ]
        .flat()
        .map((name) => [name, number]),
    ),
    use_mmap: flag,
    stop: z.array(z.string()).nullish(),
  })
  .nullish();

const keepAlive = z.union([z.number(), z.string().regex(goDuration, 'must be a duration such as "5m"')]).nullish();

const shared = {
  model: text,
  keep_alive: keepAlive,
  options,
};

const generation = {
  ...shared,
  stream: flag,
  // LlamaIndex sends '' for none.
  format: z.union([z.enum(['json', '']), z.record(z.string(), z.unknown())]).nullish(),
  think: z.union([z.boolean(), z.enum(['low', 'medium', 'high', 'max'])]).nullish(),
  lorekeep: lorekeepField,
};

const toolCall = z.object({
  id: text,
  function: z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()).nullish() }),
});

const message = z.object({
  role: text,
  content: text,
  thinking: text,
  images,
  tool_calls: z.array(toolCall).nullish(),
  tool_name: text,
  tool_call_id: text,
});

export const generateBody = bodyOf({
  ...generation,
  prompt: text,
  suffix: text,
  system: text,
  template: text,
  context: z.array(z.number().int()).nullish(),
  raw: flag,
  images,
});
export type GenerateBody = z.infer<typeof generateBody>;

export const chatBody = bodyOf({
  ...generation,
  messages: z.array(message).nullish(),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).nullish(),
});
export type ChatBody = z.infer<typeof chatBody>;
export type ChatTurn = z.infer<typeof message>;

export const embedBody = bodyOf({
  ...shared,
  input: z.union([z.string(), z.array(z.string())]).nullish(),
  truncate: flag,
  dimensions: z.number().int().nullish(),
});

export const embeddingsBody = bodyOf({ ...shared, prompt: text });

export const showBody = bodyOf({ model: text, name: text, verbose: flag });

export const pullBody = bodyOf({ model: text, name: text });

/**
 * An object with these fields and any others. Ollama reads field names in any case, and the last one counts: they are made one here, so
 * that no `MODEL` behind a `model` reaches it unseen.
 */
function bodyOf<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodPreprocess<z.ZodObject<Shape, z.core.$loose>> {
  return z.preprocess((body) => withKnownNames(body, shape), z.looseObject(shape));
}

function withKnownNames(body: unknown, shape: object): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const names = Object.keys(body);
  if (names.every((name) => Object.hasOwn(shape, name) || !Object.hasOwn(shape, folded(name)))) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [Object.hasOwn(shape, folded(name)) ? folded(name) : name, value]),
  );
}

/** As Go folds names: the long s and the Kelvin sign are letters, too. */
function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}

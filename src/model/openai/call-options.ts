import type { ModelCall } from '../../core/gateway/model-server.ts';
import type { Dialect } from './dialect.ts';
import { unknownDialect } from './dialect.ts';

/** Fields of a request, and sentences on what found no place in it. */
export interface Translated {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly notices: readonly string[];
}

/** Options that the protocol has itself, by the names of its fields. */
const standard: Readonly<Record<string, string>> = {
  num_predict: 'max_tokens',
  temperature: 'temperature',
  top_p: 'top_p',
  seed: 'seed',
  stop: 'stop',
  presence_penalty: 'presence_penalty',
  frequency_penalty: 'frequency_penalty',
};

/** Fields that servers know some options beyond the protocol by; vLLM has another word for the penalty. */
const extensions: Readonly<Record<string, readonly string[]>> = {
  top_k: ['top_k'],
  min_p: ['min_p'],
  typical_p: ['typical_p'],
  repeat_penalty: ['repeat_penalty', 'repetition_penalty'],
  repeat_last_n: ['repeat_last_n'],
  mirostat: ['mirostat'],
  mirostat_tau: ['mirostat_tau'],
  mirostat_eta: ['mirostat_eta'],
};

/** The window is the server's own (`describe` tells it), and to refuse what does not fit is what it does anyway. */
const settled = new Set(['num_ctx', 'truncate', 'shift']);

/** Fields of OpenAI's protocol that a caller may hand through. */
const passedOn = new Set([
  'tool_choice',
  'parallel_tool_calls',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'user',
  'reasoning_effort',
]);

/** Whether a call has options whose fate depends on the kind of the server. */
export function needsDialect({ options, format }: ModelCall): boolean {
  return (format ?? '') !== '' || Object.keys(options).some((name) => name in extensions);
}

/** Sampling, length, format and thinking of a call, in the fields of OpenAI's protocol. */
export function translateOptions(call: ModelCall, dialect: Dialect): Translated {
  const given = Object.entries({ ...call.extra, ...call.options }).filter(([, value]) => value !== undefined);
  const isKnown = ([name]: [string, unknown]): boolean => name in standard || name in extensions || passedOn.has(name);
  const known = given.filter(isKnown);
  const dropped = given.filter((entry) => !isKnown(entry) && !settled.has(entry[0])).map(([name]) => name);
  const untaken = known.map(([name]) => name).filter((name) => name in extensions && !dialect.takes.includes(name));
  return {
    fields: {
      ...Object.fromEntries(known.flatMap(([name, value]) => fieldsOf(name, value))),
      ...formatField(call.format, dialect),
      ...thinkFields(call.think),
    },
    notices: [
      ...(dropped.length === 0 ? [] : [`OpenAI's protocol has no field for ${listed(dropped)}: left out.`]),
      ...(untaken.length === 0 ? [] : [untakenNotice(untaken, dialect)]),
    ],
  };
}

function fieldsOf(name: string, value: unknown): readonly (readonly [string, unknown])[] {
  // In Ollama's words no limit and no seed are numbers below 1 and 0.
  if (name === 'num_predict' && typeof value === 'number' && value < 1) return [];
  if (name === 'seed' && typeof value === 'number' && value < 0) return [];
  return (extensions[name] ?? [standard[name] ?? name]).map((field) => [field, value]);
}

function formatField(format: string | object | undefined, dialect: Dialect): object {
  if (format === undefined || format === null || format === '') return {};
  const isPlain = typeof format === 'string';
  const schema = isPlain ? { type: 'object' } : format;
  const type = isPlain ? dialect.json : dialect.schema;
  if (type === 'json_schema')
    return { response_format: { type, json_schema: { name: 'answer', strict: true, schema } } };
  return { response_format: isPlain ? { type } : { type, schema } };
}

/** An effort has a field; whether to think at all is for the template, which vLLM and llama.cpp hand values to. */
function thinkFields(think: boolean | string | undefined): object {
  if (think === undefined) return {};
  if (typeof think === 'string') return { reasoning_effort: think };
  return { chat_template_kwargs: { enable_thinking: think }, ...(think ? {} : { reasoning_effort: 'none' }) };
}

function untakenNotice(names: readonly string[], dialect: Dialect): string {
  return dialect === unknownDialect
    ? `The server may ignore ${listed(names)}: OpenAI's protocol does not have it.`
    : `${dialect.name} ignores ${listed(names)} when it is asked in OpenAI's protocol.`;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

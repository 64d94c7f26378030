import { ServiceError } from '../../core/errors.ts';
import type { ChatMessage, ModelCall } from '../../core/gateway/model-server.ts';
import type { Sampling, Turn, Writing } from './child-messages.ts';
import { grammarSchema } from './grammar-schema.ts';

/** What a call asks for, and sentences on what cannot be done. */
export interface Translation {
  readonly writing: Writing;
  readonly notices: readonly string[];
}

/** Ollama's own, so that a model answers alike wherever it runs. */
const defaults = { temperature: 0.8, top_k: 40, top_p: 0.9, min_p: 0, repeat_penalty: 1, repeat_last_n: 64 };

const understood = new Set([
  ...Object.keys(defaults),
  'num_predict',
  'num_ctx',
  'seed',
  'stop',
  'frequency_penalty',
  'presence_penalty',
]);
/** A prompt that does not fit is always refused here. */
const settled = new Set(['truncate', 'shift']);

/** Options, format and thinking of a call, as the child takes them. Throws `request_invalid` for an option that is no number. */
export function translateWriting(call: ModelCall, windowTokens: number): Translation {
  const { options, think } = call;
  const { format, notices } = translateFormat(call.format);
  const maxTokens = numberOf(options, 'num_predict', 0);
  const unknown = [...Object.keys(options), ...Object.keys(call.extra ?? {})].filter(
    (name) => !understood.has(name) && !settled.has(name),
  );
  return {
    writing: {
      sampling: samplingOf(options),
      maxTokens: maxTokens < 1 ? null : Math.floor(maxTokens),
      stop: [options['stop'] ?? []].flat().map(String),
      format,
      mayThink: think !== false,
    },
    notices: [
      ...notices,
      ...(unknown.length === 0 ? [] : [`A GGUF file cannot be run with ${listed(unknown)}: left out.`]),
      ...(numberOf(options, 'num_ctx', 0) > windowTokens ? [`The window has ${windowTokens} tokens.`] : []),
      ...(typeof think === 'string' ? ['How long a model thinks cannot be set for a GGUF file.'] : []),
    ],
  };
}

/** A conversation as node-llama-cpp has it. Throws `request_invalid` for images and tools. */
export function translateMessages(messages: readonly ChatMessage[]): readonly Turn[] {
  const turns = messages.map(translateMessage);
  // What the model writes is the rest of the last turn.
  return turns.at(-1)?.type === 'model' ? turns : [...turns, { type: 'model', response: [] }];
}

function translateMessage({ role, content, thinking = '', images = [], toolCalls = [] }: ChatMessage): Turn {
  if (images.length > 0) throw unsupported('read images');
  if (role === 'tool' || toolCalls.length > 0) throw unsupported('call tools');
  if (role !== 'assistant') return { type: role, text: content };
  const thought = { type: 'segment', segmentType: 'thought', text: thinking, ended: true } as const;
  return { type: 'model', response: thinking === '' ? [content] : [thought, content] };
}

/** The error for what a file alone cannot do. */
export function unsupported(what: string): ServiceError {
  return new ServiceError(
    'request_invalid',
    `A model that runs from a GGUF file cannot ${what}. Leave that out, or run the model with Ollama.`,
  );
}

function samplingOf(options: Readonly<Record<string, unknown>>): Sampling {
  const of = (name: keyof typeof defaults): number => numberOf(options, name, defaults[name]);
  const seed = numberOf(options, 'seed', -1);
  const penalty = {
    penalty: of('repeat_penalty'),
    frequencyPenalty: numberOf(options, 'frequency_penalty', 0),
    presencePenalty: numberOf(options, 'presence_penalty', 0),
    lastTokens: of('repeat_last_n'),
  };
  const isNeutral = penalty.penalty === 1 && penalty.frequencyPenalty === 0 && penalty.presencePenalty === 0;
  return {
    temperature: of('temperature'),
    topK: of('top_k'),
    topP: of('top_p'),
    minP: of('min_p'),
    ...(seed < 0 ? {} : { seed }),
    repeatPenalty: isNeutral ? false : penalty,
  };
}

function translateFormat(format: string | object | undefined): Pick<Writing, 'format'> & Pick<Translation, 'notices'> {
  if (format === undefined || format === null || format === '') return { format: null, notices: [] };
  if (typeof format !== 'string') {
    const { schema, ignored } = grammarSchema(format);
    const notices = ignored.length === 0 ? [] : [`The answer is not held to ${listed(ignored)} of the schema.`];
    return { format: schema, notices };
  }
  if (format === 'json') return { format, notices: [] };
  throw new ServiceError('request_invalid', `The format "${format}" is not known: use "json" or a JSON Schema.`);
}

function numberOf(options: Readonly<Record<string, unknown>>, name: string, fallback: number): number {
  const value = options[name] ?? fallback;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new ServiceError('request_invalid', `The option "${name}" must be a number.`);
}

function listed(names: readonly string[]): string {
  return [...new Set(names)].map((name) => `"${name}"`).join(', ');
}

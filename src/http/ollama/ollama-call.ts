import { ServiceError } from '../../core/errors.ts';
import type { ChatCall, ChatMessage, CompletionCall, ModelCall } from '../../core/gateway/model-server.ts';
import type { ChatBody, ChatTurn, GenerateBody } from './request-schemas.ts';

/** Fields of a body that have a place of their own in a call, or none in what is sent on. */
const placed: ReadonlySet<string> = new Set([
  'model',
  'stream',
  'format',
  'think',
  'keep_alive',
  'options',
  'lorekeep',
  'messages',
  'tools',
  'prompt',
  'suffix',
  'system',
  'template',
  'context',
  'raw',
  'images',
]);

/** What `/api/chat` asks for. Errors: `request_invalid`. */
export function chatCallOf(body: ChatBody): ChatCall {
  if (isUnset(body.model)) throw modelRequired();
  const { tools } = body;
  return {
    ...modelCallOf(body),
    messages: (body.messages ?? []).map(messageOf),
    ...(isEmpty(tools) ? {} : { tools }),
  };
}

/** What `/api/generate` asks for. Errors: `request_invalid`; `model_missing` where no model is named, as Ollama has it. */
export function completionCallOf(body: GenerateBody): CompletionCall {
  if (isUnset(body.model))
    throw new ServiceError('model_missing', "model '' not found: name one in the field `model`.");
  const { prompt, suffix, system, template, context, raw, images } = body;
  if (raw === true && !(isUnset(system) && isUnset(template) && (context ?? []).length === 0)) {
    throw new ServiceError('request_invalid', 'raw mode does not support template, system, or context.');
  }
  return {
    ...modelCallOf(body),
    prompt: prompt ?? '',
    ...(isUnset(suffix) ? {} : { suffix }),
    ...(isUnset(system) ? {} : { system }),
    ...(isUnset(template) ? {} : { template }),
    ...(context ? { context } : {}),
    ...(raw === true ? { raw } : {}),
    ...(isEmpty(images) ? {} : { images }),
  };
}

/** The error of a request that names no model, on the routes where Ollama says 400. */
export function modelRequired(): ServiceError {
  return new ServiceError('request_invalid', 'model is required: name one in the field `model`.');
}

/** Options that are set: Ollama takes null for none. */
export function setOptions(options: ChatBody['options']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== null && value !== undefined));
}

export function isUnset(value: string | null | undefined): value is '' | null | undefined {
  return value === undefined || value === null || value === '';
}

function isEmpty(list: readonly unknown[] | null | undefined): list is [] | null | undefined {
  return list === undefined || list === null || list.length === 0;
}

function modelCallOf(body: ChatBody | GenerateBody): ModelCall {
  const { format, think, keep_alive: keepAlive } = body;
  const extra = Object.entries(body).filter(([name]) => !placed.has(name));
  return {
    model: body.model ?? '',
    options: setOptions(body.options),
    ...(format === null || format === undefined || format === '' ? {} : { format }),
    ...(think === null || think === undefined ? {} : { think }),
    ...(keepAlive === null || keepAlive === undefined ? {} : { keepAlive }),
    ...(extra.length === 0 ? {} : { extra: Object.fromEntries(extra) }),
  };
}

function messageOf(turn: ChatTurn, index: number): ChatMessage {
  const { content, thinking, images, tool_calls: calls, tool_name: toolName, tool_call_id: toolCallId } = turn;
  return {
    role: roleOf(turn.role, index),
    content: content ?? '',
    ...(isUnset(thinking) ? {} : { thinking }),
    ...(isEmpty(images) ? {} : { images }),
    ...(isEmpty(calls) ? {} : { toolCalls: calls.map((call, at) => toolCallOf(call, index, at)) }),
    ...(isUnset(toolName) ? {} : { toolName }),
    ...(isUnset(toolCallId) ? {} : { toolCallId }),
  };
}

function roleOf(role: string | null | undefined, index: number): ChatMessage['role'] {
  const name = (role ?? 'user').toLowerCase();
  if (name === 'system' || name === 'user' || name === 'assistant' || name === 'tool') return name;
  if (name === '') return 'user';
  if (name === 'developer') return 'system';
  throw new ServiceError(
    'request_invalid',
    `"messages.${index}.role": a model's template has no place for the role "${role}"; use system, user, assistant or tool.`,
  );
}

/** Ollama gives calls no ids before 0.12: the same call must get the same one in every request, or prompts would change. */
function toolCallOf(
  call: NonNullable<NonNullable<ChatTurn['tool_calls']>[number]>,
  message: number,
  at: number,
): NonNullable<ChatMessage['toolCalls']>[number] {
  const { name, arguments: values } = call.function;
  return { id: isUnset(call.id) ? `call_${message}_${at}` : call.id, name, arguments: values ?? {} };
}

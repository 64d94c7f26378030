import { z } from 'zod';
import { ServiceError } from '../../../core/errors.ts';
import type { ChatMessage, ToolCall } from '../../../core/gateway/model-server.ts';
import { contentField, plainContent } from '../../v1/content-parts.ts';
import { callArguments } from '../chat-messages.ts';

const item = z.looseObject({
  type: z.string().nullish(),
  role: z.enum(['system', 'developer', 'user', 'assistant']).nullish(),
  content: contentField,
  /** Of a reasoning item. */
  summary: contentField,
  call_id: z.string().nullish(),
  name: z.string().nullish(),
  arguments: z.string().nullish(),
  output: contentField,
});

/** What a response is to be made from: a text, or the items of a conversation. */
export const inputField = z.union([z.string(), z.array(item)]);

type Item = z.infer<typeof item>;
type Draft = { -readonly [Key in keyof ChatMessage]: ChatMessage[Key] };

/** The conversation as the gateway takes it. Errors: `request_invalid`. */
export function inputMessages(
  input: z.infer<typeof inputField>,
  instructions: string | null | undefined,
): readonly ChatMessage[] {
  const messages: Draft[] = instructions ? [{ role: 'system', content: instructions }] : [];
  if (typeof input === 'string') return [...messages, { role: 'user', content: input }];
  const names = new Map<string, string>();
  for (const one of input) {
    const type = one.type ?? 'message';
    if (type === 'message') addMessage(messages, plainMessage(one));
    else if (type === 'reasoning') assistantTurn(messages).thinking = plainContent(thoughtsOf(one)).content;
    else if (type === 'function_call') addCall(assistantTurn(messages), one, names);
    else if (type === 'function_call_output') messages.push(toolAnswer(one, names));
    else throw new ServiceError('request_invalid', `Input items of the type "${type}" are not supported here.`);
  }
  return messages.map(tidied);
}

function thoughtsOf({ content, summary }: Item): Item['content'] {
  return Array.isArray(content) && content.length > 0 ? content : summary;
}

function plainMessage({ role, content }: Item): Draft {
  const known = role === 'developer' ? 'system' : role;
  if (!known) throw new ServiceError('request_invalid', 'A message in "input" has no role.');
  return { role: known, ...plainContent(content) };
}

/** What an assistant said belongs to the thoughts before it. */
function addMessage(messages: Draft[], message: Draft): void {
  const last = messages.at(-1);
  const follows = message.role === 'assistant' && last?.role === 'assistant' && last.content === '' && !last.toolCalls;
  if (follows) Object.assign(last, message);
  else messages.push(message);
}

/** Thoughts, text and calls of one turn are items of their own there, and one message here. */
function assistantTurn(messages: Draft[]): Draft {
  const last = messages.at(-1);
  if (last?.role === 'assistant') return last;
  const turn: Draft = { role: 'assistant', content: '' };
  messages.push(turn);
  return turn;
}

function addCall(turn: Draft, { call_id: id, name, arguments: text }: Item, names: Map<string, string>): void {
  if (!name) throw new ServiceError('request_invalid', 'A function_call in "input" has no name.');
  const call: ToolCall = { id: id ?? '', name, arguments: callArguments(name, text ?? '') };
  names.set(call.id, name);
  turn.toolCalls = [...(turn.toolCalls ?? []), call];
}

function toolAnswer({ call_id: id, output }: Item, names: ReadonlyMap<string, string>): Draft {
  const toolName = names.get(id ?? '');
  return {
    role: 'tool',
    ...plainContent(output),
    ...(toolName === undefined ? {} : { toolName }),
    ...(id ? { toolCallId: id } : {}),
  };
}

function tidied(message: Draft): ChatMessage {
  const { thinking, ...rest } = message;
  return thinking ? message : rest;
}

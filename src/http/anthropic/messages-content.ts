import { z } from 'zod';
import { ServiceError } from '../../core/errors.ts';
import type { ChatMessage, ToolCall } from '../../core/gateway/model-server.ts';

const source = z.looseObject({ type: z.string(), data: z.string().nullish() });
const plainBlock = z.looseObject({ type: z.string(), text: z.string().nullish(), source: source.nullish() });
const block = z.looseObject({
  ...plainBlock.shape,
  id: z.string().nullish(),
  name: z.string().nullish(),
  input: z.record(z.string(), z.unknown()).nullish(),
  thinking: z.string().nullish(),
  tool_use_id: z.string().nullish(),
  is_error: z.boolean().nullish(),
  content: z.union([z.string(), z.array(plainBlock)]).nullish(),
});

type PlainBlock = z.infer<typeof plainBlock>;
type Block = z.infer<typeof block>;

/** Turns of Anthropic's protocol. */
export const turnsField = z
  .array(
    z.looseObject({ role: z.enum(['user', 'assistant', 'system']), content: z.union([z.string(), z.array(block)]) }),
  )
  .min(1);

/** What the system says. */
export const systemField = z.union([z.string(), z.array(plainBlock)]).nullish();

/** The conversation as the gateway takes it. Errors: `request_invalid`. */
export function turnMessages(
  turns: z.infer<typeof turnsField>,
  system: z.infer<typeof systemField>,
): readonly ChatMessage[] {
  const messages: ChatMessage[] = [];
  const said = plain(system ?? '').content;
  if (said !== '') messages.push({ role: 'system', content: said });
  const names = new Map<string, string>();
  for (const { role, content } of turns) {
    if (typeof content === 'string') messages.push({ role, content });
    else if (role === 'assistant') messages.push(assistantMessage(content, names));
    else if (role === 'system') messages.push({ role, ...plain(content) });
    else messages.push(...userMessages(content, names));
  }
  return messages;
}

function assistantMessage(blocks: readonly Block[], names: Map<string, string>): ChatMessage {
  const texts: Block[] = [];
  const toolCalls: ToolCall[] = [];
  let thinking = '';
  for (const one of blocks) {
    if (one.type === 'thinking') thinking += one.thinking ?? '';
    else if (one.type === 'tool_use') toolCalls.push(callOf(one, names));
    // Thoughts that only Anthropic's own servers can read.
    else if (one.type !== 'redacted_thinking') texts.push(one);
  }
  return {
    role: 'assistant',
    ...plain(texts),
    ...(thinking === '' ? {} : { thinking }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  };
}

function callOf({ id, name, input }: Block, names: Map<string, string>): ToolCall {
  if (!id || !name) throw new ServiceError('request_invalid', 'A tool_use block needs "id" and "name".');
  names.set(id, name);
  return { id, name, arguments: input ?? {} };
}

/** A user's turn holds the results of calls, too; there they are messages of their own, in their order. */
function userMessages(blocks: readonly Block[], names: ReadonlyMap<string, string>): readonly ChatMessage[] {
  const messages: ChatMessage[] = [];
  let pending: Block[] = [];
  const flush = (): void => {
    if (pending.length > 0) messages.push({ role: 'user', ...plain(pending) });
    pending = [];
  };
  for (const one of blocks) {
    if (one.type !== 'tool_result') {
      pending.push(one);
      continue;
    }
    flush();
    messages.push(toolMessage(one, names));
  }
  flush();
  return messages;
}

function toolMessage(
  { tool_use_id: id, content, is_error: isError }: Block,
  names: ReadonlyMap<string, string>,
): ChatMessage {
  const result = plain(content ?? '');
  const toolName = names.get(id ?? '');
  return {
    role: 'tool',
    ...result,
    content: isError === true ? `Error: ${result.content}` : result.content,
    ...(toolName === undefined ? {} : { toolName }),
    ...(id ? { toolCallId: id } : {}),
  };
}

function plain(blocks: string | readonly PlainBlock[]): Pick<ChatMessage, 'content' | 'images'> {
  if (typeof blocks === 'string') return { content: blocks };
  const texts: string[] = [];
  const images: string[] = [];
  for (const { type, text, source: from } of blocks) {
    if (type === 'text') texts.push(text ?? '');
    else if (type === 'image' && from?.type === 'base64') images.push(from.data ?? '');
    else if (type === 'document' && from?.type === 'text') texts.push(from.data ?? '');
    else throw unsupported(type, from?.type);
  }
  return { content: texts.join('\n'), ...(images.length === 0 ? {} : { images }) };
}

function unsupported(type: string, sourceType: string | undefined): ServiceError {
  const what = sourceType === undefined ? `"${type}"` : `"${type}" with a source of the type "${sourceType}"`;
  const advice = 'Send text, images as base64, or documents as text.';
  return new ServiceError('request_invalid', `Content of the type ${what} is not supported here. ${advice}`);
}

import { z } from 'zod';
import { ServiceError } from '../../core/errors.ts';
import type { ChatMessage, ToolCall } from '../../core/gateway/model-server.ts';
import { contentField, plainContent } from '../v1/content-parts.ts';

const toolCallField = z.looseObject({
  id: z.string().nullish(),
  function: z.looseObject({ name: z.string(), arguments: z.string().nullish() }),
});

/** Messages of OpenAI's chat protocol. */
export const messagesField = z.array(
  z.looseObject({
    role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
    content: contentField,
    name: z.string().nullish(),
    tool_call_id: z.string().nullish(),
    tool_calls: z.array(toolCallField).nullish(),
    reasoning_content: z.string().nullish(),
    reasoning: z.string().nullish(),
  }),
);

type Message = z.infer<typeof messagesField>[number];

/** The conversation as the gateway takes it. Errors: `request_invalid`. */
export function chatMessages(messages: readonly Message[]): readonly ChatMessage[] {
  const names = new Map<string, string>();
  return messages.map((message) => {
    const plain = plainContent(message.content);
    const { role } = message;
    if (role === 'system' || role === 'developer') return { role: 'system', ...plain };
    if (role === 'user') return { role, ...plain };
    if (role === 'assistant') {
      const toolCalls = (message.tool_calls ?? []).map(toolCallOf);
      for (const { id, name } of toolCalls) names.set(id, name);
      const thinking = message.reasoning_content ?? message.reasoning;
      return {
        role,
        ...plain,
        ...(thinking ? { thinking } : {}),
        ...(toolCalls.length === 0 ? {} : { toolCalls }),
      };
    }
    const id = message.tool_call_id ?? undefined;
    const toolName = message.name ?? names.get(id ?? '');
    return {
      role: 'tool',
      ...plain,
      ...(toolName === undefined ? {} : { toolName }),
      ...(id === undefined ? {} : { toolCallId: id }),
    };
  });
}

function toolCallOf({ id, function: { name, arguments: text } }: z.infer<typeof toolCallField>): ToolCall {
  return { id: id ?? '', name, arguments: callArguments(name, text ?? '') };
}

/** The arguments of a call, which OpenAI's protocols send as text. Errors: `request_invalid`. */
export function callArguments(name: string, text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below, together with JSON that is no object.
  }
  throw new ServiceError('request_invalid', `The arguments of the call of "${name}" are no JSON object.`);
}

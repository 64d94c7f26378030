import type { ChatMessage } from '../../core/gateway/model-server.ts';

/** A conversation as `/chat/completions` takes it. */
export function openaiMessages(messages: readonly ChatMessage[]): readonly object[] {
  return messages.map((message, place) => openaiMessage(message, messages.slice(0, place)));
}

function openaiMessage(message: ChatMessage, before: readonly ChatMessage[]): object {
  const { role, thinking, toolCalls = [] } = message;
  if (role === 'tool') return { role, content: message.content, tool_call_id: answeredCall(message, before) };
  return {
    role,
    content: contentOf(message),
    ...(thinking === undefined || thinking === '' ? {} : { reasoning_content: thinking }),
    ...(toolCalls.length === 0
      ? {}
      : {
          tool_calls: toolCalls.map(({ id, name, arguments: values }) => ({
            id,
            type: 'function',
            function: { name, arguments: JSON.stringify(values) },
          })),
        }),
  };
}

function contentOf({ content, images = [] }: ChatMessage): string | readonly object[] {
  if (images.length === 0) return content;
  const pictures = images.map((image) => ({ type: 'image_url', image_url: { url: dataUrl(image) } }));
  return content === '' ? pictures : [{ type: 'text', text: content }, ...pictures];
}

/** Clients of Ollama's protocol name the function that they answer for, not the call. */
function answeredCall({ toolCallId, toolName }: ChatMessage, before: readonly ChatMessage[]): string {
  if (toolCallId !== undefined) return toolCallId;
  const calls = before.flatMap(({ toolCalls = [] }) => toolCalls);
  const answered = calls.findLast(({ name }) => name === toolName) ?? calls.at(-1);
  return answered?.id ?? toolName ?? '';
}

/** First characters of an image in base64, and what they stand for. */
const imageTypes: readonly (readonly [string, string])[] = [
  ['/9j/', 'image/jpeg'],
  ['R0lG', 'image/gif'],
  ['UklG', 'image/webp'],
];

function dataUrl(image: string): string {
  const [, type] = imageTypes.find(([start]) => image.startsWith(start)) ?? ['', 'image/png'];
  return `data:${type};base64,${image}`;
}

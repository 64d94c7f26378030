import type { ChatCall, ChatMessage, CompletionCall, EmbedCall, ModelCall } from '../../core/gateway/model-server.ts';

/** A body that names a model. */
export interface RequestBody extends Readonly<Record<string, unknown>> {
  readonly model: string;
}

/** The body of `/api/chat`. */
export function chatBody(call: ChatCall, windowTokens: number): RequestBody {
  return { ...modelFields(call, windowTokens), messages: call.messages.map(ollamaMessage), tools: call.tools };
}

/** The body of `/api/generate`. */
export function completionBody(call: CompletionCall, windowTokens: number): RequestBody {
  const { prompt, suffix, system, template, context, raw, images } = call;
  return { ...modelFields(call, windowTokens), prompt, suffix, system, template, context, raw, images };
}

/** The body of `/api/embed`. */
export function embedBody(call: EmbedCall, windowTokens: number): RequestBody {
  const { model, inputs, truncate, dimensions, keepAlive, options } = call;
  return { model, input: inputs, truncate, dimensions, keep_alive: keepAlive, options: pinned(options, windowTokens) };
}

/**
 * What both kinds of generation say. Always streamed: a server notices a caller that goes away when it writes. An error is
 * asked for where text would be cut; what shifts the window is pinned as its size is, since both have a model loaded anew.
 */
function modelFields(
  { model, options, format, think, keepAlive, extra }: ModelCall,
  windowTokens: number,
): RequestBody {
  return {
    truncate: false,
    ...extra,
    model,
    format,
    think,
    keep_alive: keepAlive,
    options: pinned(options, windowTokens),
    shift: false,
    stream: true,
  };
}

function pinned(options: Readonly<Record<string, unknown>> | undefined, windowTokens: number): object {
  return { ...options, num_ctx: windowTokens };
}

function ollamaMessage(message: ChatMessage): object {
  const { role, content, thinking, images, toolCalls, toolName, toolCallId } = message;
  const calls = toolCalls?.map(({ id, name, arguments: values }, index) => ({
    id,
    function: { index, name, arguments: values },
  }));
  return { role, content, thinking, images, tool_calls: calls, tool_name: toolName, tool_call_id: toolCallId };
}

import { z } from 'zod';
import { ServiceError } from '../../core/errors.ts';
import type { LorekeepOptions } from '../../core/gateway/exchange.ts';
import type { ChatCall } from '../../core/gateway/model-server.ts';
import { lorekeepField } from '../lorekeep-options.ts';
import { functionTools, toolFields } from '../v1/function-tools.ts';
import { givenOptions } from '../v1/model-options.ts';
import type { ChatWish } from '../v1/open-chat.ts';
import { messagesField, chatMessages } from './chat-messages.ts';
import { effortField, thinkOf, toolChoice, toolChoiceField } from './request-fields.ts';
import { refuseFields, samplingFields, samplingOptions } from './sampling.ts';

const responseFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    json_schema: z.looseObject({ schema: z.record(z.string(), z.unknown()).nullish() }),
  }),
]);

/**
 * Body of `POST /v1/chat/completions`. Fields that change nothing about an answer here (`user`, `store`, `metadata`, `service_tier`,
 * `prompt_cache_key`, `safety_identifier`, `verbosity`, `prediction`) are read over; those that would are refused.
 */
export const chatBody = z.looseObject({
  model: z.string().min(1),
  messages: messagesField.min(1).optional(),
  /** Some clients send the body of `/v1/responses` here. */
  input: z.unknown().optional(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  ...samplingFields,
  max_tokens: z.int().nullish(),
  max_completion_tokens: z.int().nullish(),
  response_format: responseFormat.nullish(),
  reasoning_effort: effortField,
  reasoning: z.looseObject({ effort: effortField }).nullish(),
  tools: toolFields,
  tool_choice: toolChoiceField,
  parallel_tool_calls: z.boolean().nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().nullish(),
  lorekeep: lorekeepField,
});

export type ChatBody = z.infer<typeof chatBody>;

/** What a chat request asks for. Errors: `request_invalid`. */
export function chatWish(body: ChatBody, lorekeep: LorekeepOptions): ChatWish {
  refuseFields(body, ['functions', 'function_call', 'audio', 'web_search_options']);
  if (body.messages === undefined) throw new ServiceError('request_invalid', '"messages" is missing.');
  const format = formatOf(body.response_format);
  const think = thinkOf(body.reasoning_effort ?? body.reasoning?.effort);
  const call: ChatCall = {
    model: body.model,
    messages: chatMessages(body.messages),
    options: givenOptions({
      ...samplingOptions(body),
      num_predict: body.max_completion_tokens ?? body.max_tokens,
    }),
    ...(format === undefined ? {} : { format }),
    ...(think === undefined ? {} : { think }),
    ...(body.logprobs === true ? { extra: givenOptions({ logprobs: true, top_logprobs: body.top_logprobs }) } : {}),
  };
  return {
    call,
    lorekeep,
    offered: functionTools(body.tools),
    choice: toolChoice(body.tool_choice),
    oneCall: body.parallel_tool_calls === false,
  };
}

function formatOf(format: ChatBody['response_format']): ChatCall['format'] {
  if (format?.type === 'json_object') return 'json';
  return format?.type === 'json_schema' ? (format.json_schema.schema ?? 'json') : undefined;
}

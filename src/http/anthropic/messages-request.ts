import { z } from 'zod';
import { ServiceError } from '../../core/errors.ts';
import type { LorekeepOptions } from '../../core/gateway/exchange.ts';
import type { ChatCall } from '../../core/gateway/model-server.ts';
import { lorekeepField } from '../lorekeep-options.ts';
import { freeChoice, functionTools, toolFields } from '../v1/function-tools.ts';
import type { ToolChoice } from '../v1/function-tools.ts';
import { givenOptions } from '../v1/model-options.ts';
import type { ChatWish } from '../v1/open-chat.ts';
import { systemField, turnMessages, turnsField } from './messages-content.ts';

const toolChoiceField = z
  .looseObject({
    type: z.enum(['auto', 'any', 'tool', 'none']),
    name: z.string().nullish(),
    disable_parallel_tool_use: z.boolean().nullish(),
  })
  .nullish();

const outputFormat = z.looseObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) });

/**
 * Body of `POST /v1/messages`. `metadata`, `service_tier` and every `cache_control` are read over: a prompt that begins as an earlier
 * one did is reused anyway.
 */
export const messagesBody = z.looseObject({
  model: z.string().min(1),
  messages: turnsField,
  system: systemField,
  max_tokens: z.int().positive().nullish(),
  stream: z.boolean().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.int().nullish(),
  stop_sequences: z.array(z.string()).nullish(),
  tools: toolFields,
  tool_choice: toolChoiceField,
  thinking: z.looseObject({ type: z.string() }).nullish(),
  output_config: z.looseObject({ effort: z.string().nullish(), format: outputFormat.nullish() }).nullish(),
  lorekeep: lorekeepField,
});

export type MessagesBody = z.infer<typeof messagesBody>;

/** What a request for a message asks for. Errors: `request_invalid`. */
export function messagesWish(body: MessagesBody, lorekeep: LorekeepOptions): ChatWish {
  if (Array.isArray(body['mcp_servers']) && body['mcp_servers'].length > 0) {
    throw new ServiceError('request_invalid', '"mcp_servers" is not supported here; let the client call them.');
  }
  const think = thinkOf(body);
  const format = body.output_config?.format?.schema;
  const call: ChatCall = {
    model: body.model,
    messages: turnMessages(body.messages, body.system),
    options: givenOptions({
      num_predict: body.max_tokens,
      temperature: body.temperature,
      top_p: body.top_p,
      top_k: body.top_k,
      stop: body.stop_sequences,
    }),
    ...(format === undefined ? {} : { format }),
    ...(think === undefined ? {} : { think }),
  };
  return {
    call,
    lorekeep,
    offered: functionTools(body.tools),
    choice: toolChoice(body.tool_choice),
    oneCall: body.tool_choice?.disable_parallel_tool_use === true,
  };
}

function toolChoice(field: z.infer<typeof toolChoiceField>): ToolChoice {
  if (field === null || field === undefined || field.type === 'auto') return freeChoice;
  if (field.type === 'tool') return { mode: 'required', only: [field.name ?? ''] };
  return { mode: field.type === 'any' ? 'required' : 'none', only: null };
}

/** A budget of tokens for thoughts has no counterpart; an effort has. */
function thinkOf({ thinking, output_config: output }: MessagesBody): boolean | string | undefined {
  if (thinking === null || thinking === undefined) return undefined;
  if (thinking.type === 'disabled') return false;
  const effort = output?.effort ?? '';
  if (effort === 'low' || effort === 'medium') return effort;
  return effort === '' ? true : 'high';
}

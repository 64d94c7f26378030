import { z } from 'zod';
import { ServiceError } from '../../../core/errors.ts';
import type { LorekeepOptions } from '../../../core/gateway/exchange.ts';
import type { ChatCall } from '../../../core/gateway/model-server.ts';
import { lorekeepField } from '../../lorekeep-options.ts';
import { functionTools, toolFields } from '../../v1/function-tools.ts';
import { givenOptions } from '../../v1/model-options.ts';
import type { ChatWish } from '../../v1/open-chat.ts';
import { effortField, thinkOf, toolChoice, toolChoiceField } from '../request-fields.ts';
import { refuseFields, samplingFields, samplingOptions } from '../sampling.ts';
import { inputField, inputMessages } from './responses-input.ts';

const textFormat = z.looseObject({
  type: z.enum(['text', 'json_object', 'json_schema']),
  schema: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * Body of `POST /v1/responses`. Nothing is kept between requests: `store` is read over, and what needs a kept response is refused. So are
 * prompts that a vendor keeps; other fields that change nothing here are read over.
 */
export const responsesBody = z.looseObject({
  model: z.string().min(1),
  input: inputField,
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  ...samplingFields,
  max_output_tokens: z.int().nullish(),
  reasoning: z.looseObject({ effort: effortField }).nullish(),
  text: z.looseObject({ format: textFormat.nullish() }).nullish(),
  tools: toolFields,
  tool_choice: toolChoiceField,
  parallel_tool_calls: z.boolean().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  lorekeep: lorekeepField,
});

export type ResponsesBody = z.infer<typeof responsesBody>;

/** What a request for a response asks for. Errors: `request_invalid`. */
export function responsesWish(body: ResponsesBody, lorekeep: LorekeepOptions): ChatWish {
  for (const name of ['previous_response_id', 'conversation']) {
    if (body[name] === undefined || body[name] === null) continue;
    const advice = 'Responses are not kept here; send the whole conversation in "input".';
    throw new ServiceError('request_invalid', `"${name}" is not supported. ${advice}`);
  }
  refuseFields(body, ['background', 'prompt']);
  const messages = inputMessages(body.input, body.instructions);
  if (messages.length === 0) throw new ServiceError('request_invalid', '"input" must not be empty.');
  const format = formatOf(body);
  const think = thinkOf(body.reasoning?.effort);
  const call: ChatCall = {
    model: body.model,
    messages,
    options: givenOptions({ ...samplingOptions(body), num_predict: body.max_output_tokens }),
    ...(format === undefined ? {} : { format }),
    ...(think === undefined ? {} : { think }),
  };
  return {
    call,
    lorekeep,
    offered: functionTools(body.tools),
    choice: toolChoice(body.tool_choice),
    oneCall: body.parallel_tool_calls === false,
  };
}

function formatOf({ text }: ResponsesBody): ChatCall['format'] {
  const format = text?.format;
  if (format?.type === 'json_object') return 'json';
  return format?.type === 'json_schema' ? (format.schema ?? 'json') : undefined;
}

import { z } from 'zod';
import { ServiceError } from '../../core/errors.ts';
import type { CompletionCall } from '../../core/gateway/model-server.ts';
import { lorekeepField } from '../lorekeep-options.ts';
import { endless, wholeAnswer } from '../v1/answer-blocks.ts';
import { eventText } from '../v1/event-stream.ts';
import { givenOptions } from '../v1/model-options.ts';
import type { OpenAnswer } from '../v1/open-chat.ts';
import type { ReplyHead } from './chat-reply.ts';
import { refuseFields, samplingFields, samplingOptions } from './sampling.ts';
import { finishReason, usageOf } from './usage.ts';

/** Body of `POST /v1/completions`. `best_of` and `n` must be 1; `echo` and `logprobs` are refused. */
export const completionBody = z.looseObject({
  model: z.string().min(1),
  prompt: z.union([z.string(), z.array(z.unknown())]),
  suffix: z.string().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  ...samplingFields,
  best_of: z.int().nullish(),
  max_tokens: z.int().nullish(),
  lorekeep: lorekeepField,
});

export type CompletionBody = z.infer<typeof completionBody>;

/** What a completion request asks for. Errors: `request_invalid`. */
export function completionCall(body: CompletionBody): CompletionCall {
  refuseFields(body, ['echo', 'logprobs']);
  if ((body.best_of ?? 1) !== 1) throw new ServiceError('request_invalid', '"best_of" must be 1.');
  return {
    model: body.model,
    prompt: onePrompt(body.prompt),
    options: givenOptions({ ...samplingOptions(body), num_predict: body.max_tokens }),
    ...(body.suffix ? { suffix: body.suffix } : {}),
  };
}

function onePrompt(prompt: CompletionBody['prompt']): string {
  if (typeof prompt === 'string') return prompt;
  const [first] = prompt;
  if (prompt.length === 1 && typeof first === 'string') return first;
  throw new ServiceError('request_invalid', '"prompt" must be one text: no list of texts, and no token numbers.');
}

/** A whole answer as `text_completion`. Errors: those of the events. */
export async function textCompletion({ model, decision, events }: OpenAnswer, head: ReplyHead): Promise<object> {
  const { blocks, done } = await wholeAnswer(events);
  const text = blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('');
  return {
    ...baseOf(head, model),
    choices: [{ index: 0, text, logprobs: null, finish_reason: finishReason(done, false) }],
    usage: usageOf(done, decision()),
    ...(head.showsDecision ? { lorekeep: decision() } : {}),
  };
}

/** An answer as `text_completion` events, `[DONE]` last. Errors: those of the events. */
export async function* textChunks({ model, decision, events }: OpenAnswer, head: ReplyHead): AsyncGenerator<string> {
  const base = baseOf(head, model);
  for await (const event of events) {
    if (event.type === 'delta') {
      if (event.text === '') continue;
      yield eventText({ ...base, choices: [{ index: 0, text: event.text, logprobs: null, finish_reason: null }] });
      continue;
    }
    const shown = head.showsDecision ? { lorekeep: decision() } : {};
    const end = [{ index: 0, text: '', logprobs: null, finish_reason: finishReason(event, false) }];
    yield eventText({ ...base, choices: end, ...(head.includesUsage ? {} : shown) });
    if (head.includesUsage) yield eventText({ ...base, choices: [], usage: usageOf(event, decision()), ...shown });
    yield eventText('[DONE]');
    return;
  }
  throw endless();
}

function baseOf({ id, created }: ReplyHead, model: string): object {
  return { id, object: 'text_completion', created, model };
}

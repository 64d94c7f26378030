import type { ServiceError } from '../../../core/errors.ts';
import { BlockReader, endless } from '../../v1/answer-blocks.ts';
import type { AnswerBlock, BlockStep } from '../../v1/answer-blocks.ts';
import { eventText } from '../../v1/event-stream.ts';
import type { StreamForm } from '../../v1/event-reply.ts';
import type { OpenAnswer } from '../../v1/open-chat.ts';
import {
  callItem,
  endState,
  itemId,
  messageItem,
  outputItem,
  responseObject,
  summaryPart,
  textPart,
} from './response-object.ts';
import type { OutputItem, ResponseHead } from './response-object.ts';

/** Writes one response as named, numbered events: `response.created` first, `response.completed`, `.incomplete` or `.failed` last. */
export function responseWriter(head: ResponseHead, newId: () => string): Pick<StreamForm, 'pieces' | 'failure'> {
  const output: OutputItem[] = [];
  let sequence = -1;
  const event = (type: string, fields: object): string =>
    eventText({ type, sequence_number: (sequence += 1), ...fields }, type);
  async function* pieces({ events, decision }: OpenAnswer): AsyncGenerator<string> {
    const response = responseObject(head, { status: 'in_progress', output: [] });
    yield event('response.created', { response });
    yield event('response.in_progress', { response });
    const reader = new BlockReader();
    let id = '';
    for await (const modelEvent of events) {
      for (const step of reader.read(modelEvent)) {
        if (step.type === 'done') {
          const state = endState(step.done, { output, decision: decision() });
          yield event(`response.${state.status}`, { response: responseObject(head, state) });
          return;
        }
        if (step.type === 'close') output.push(outputItem(step.block, id));
        if (step.type === 'open') id = itemId(step.kind, newId);
        const place = { item_id: id, output_index: step.index };
        for (const [type, fields] of stepEvents(step, place, output)) yield event(`response.${type}`, fields);
      }
    }
    throw endless();
  }
  const failure = (error: ServiceError): string => {
    const state = { status: 'failed', output, error: { code: errorCode(error), message: error.message } } as const;
    return event('response.failed', { response: responseObject(head, state) });
  };
  return { pieces, failure };
}

type NamedEvent = readonly [type: string, fields: object];

interface Place {
  readonly item_id: string;
  readonly output_index: number;
}

function stepEvents(
  step: Exclude<BlockStep, { type: 'done' }>,
  place: Place,
  output: readonly OutputItem[],
): readonly NamedEvent[] {
  if (step.type === 'open') return openEvents(step, place);
  if (step.type === 'close') return closeEvents(step.block, place, output.at(-1));
  if (step.kind === 'thinking') {
    return [['reasoning_summary_text.delta', { ...place, summary_index: 0, delta: step.text }]];
  }
  return [['output_text.delta', { ...place, content_index: 0, delta: step.text, logprobs: [] }]];
}

function openEvents(step: Extract<BlockStep, { type: 'open' }>, place: Place): readonly NamedEvent[] {
  const { item_id: id, output_index } = place;
  if (step.kind === 'tool') {
    const item = callItem(step.call, { id, status: 'in_progress' });
    const delta = JSON.stringify(step.call.arguments);
    return [
      ['output_item.added', { output_index, item }],
      ['function_call_arguments.delta', { ...place, delta }],
    ];
  }
  if (step.kind === 'thinking') {
    return [
      ['output_item.added', { output_index, item: { id, type: 'reasoning', summary: [] } }],
      ['reasoning_summary_part.added', { ...place, summary_index: 0, part: summaryPart('') }],
    ];
  }
  return [
    ['output_item.added', { output_index, item: messageItem([], { id, status: 'in_progress' }) }],
    ['content_part.added', { ...place, content_index: 0, part: textPart('') }],
  ];
}

function closeEvents(block: AnswerBlock, place: Place, item: OutputItem | undefined): readonly NamedEvent[] {
  const end: NamedEvent = ['output_item.done', { output_index: place.output_index, item }];
  if (block.kind === 'tool') {
    const { name, arguments: given } = block.call;
    return [['function_call_arguments.done', { ...place, name, arguments: JSON.stringify(given) }], end];
  }
  const { text } = block;
  if (block.kind === 'thinking') {
    const index = { ...place, summary_index: 0 };
    return [
      ['reasoning_summary_text.done', { ...index, text }],
      ['reasoning_summary_part.done', { ...index, part: summaryPart(text) }],
      end,
    ];
  }
  const index = { ...place, content_index: 0 };
  return [
    ['output_text.done', { ...index, text, logprobs: [] }],
    ['content_part.done', { ...index, part: textPart(text) }],
    end,
  ];
}

/** The few codes that a failed response may have. */
function errorCode({ code }: ServiceError): string {
  if (code === 'rate_limited') return 'rate_limit_exceeded';
  return code === 'request_invalid' ? 'invalid_prompt' : 'server_error';
}

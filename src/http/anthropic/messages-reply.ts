import type { DecisionReport } from '../../core/gateway/exchange.ts';
import type { ModelDone } from '../../core/gateway/model-server.ts';
import { BlockReader, endless, wholeAnswer } from '../v1/answer-blocks.ts';
import type { AnswerBlock, BlockStep } from '../v1/answer-blocks.ts';
import { eventText } from '../v1/event-stream.ts';
import type { OpenAnswer } from '../v1/open-chat.ts';

/** What a message says of itself. */
export interface MessageHead {
  readonly id: string;
  /** Whether the last object carries what was decided. */
  readonly showsDecision: boolean;
}

/** A whole answer as a `message`. Errors: those of the events. */
export async function wholeMessage({ model, decision, events }: OpenAnswer, head: MessageHead): Promise<object> {
  const { blocks, done, hasCalls } = await wholeAnswer(events);
  return {
    ...emptyMessage(head, model),
    content: blocks.map(contentBlock),
    stop_reason: stopReason(done, hasCalls),
    usage: usageOf({ inputTokens: inputTokens(done, decision()), outputTokens: done.outputTokens }),
    ...(head.showsDecision ? { lorekeep: decision() } : {}),
  };
}

/** An answer as named events, `message_start` first and `message_stop` last. Errors: those of the events. */
export async function* messageEvents(
  { model, decision, events }: OpenAnswer,
  head: MessageHead,
): AsyncGenerator<string> {
  const reader = new BlockReader();
  let hasStarted = false;
  for await (const modelEvent of events) {
    if (!hasStarted) {
      hasStarted = true;
      const usage = usageOf({ inputTokens: decision()?.promptTokens ?? 0, outputTokens: 0 });
      yield event({ type: 'message_start', message: { ...emptyMessage(head, model), usage } });
    }
    for (const step of reader.read(modelEvent)) {
      if (step.type === 'done') {
        const shown = head.showsDecision ? { lorekeep: decision() } : {};
        yield event({ ...endOf(step, decision()), ...shown });
        yield event({ type: 'message_stop' });
        return;
      }
      for (const one of blockEvents(step)) yield event(one);
    }
  }
  throw endless();
}

function endOf({ done, hasCalls }: Extract<BlockStep, { type: 'done' }>, decision: DecisionReport | null): NamedEvent {
  const usage = usageOf({ inputTokens: inputTokens(done, decision), outputTokens: done.outputTokens });
  return { type: 'message_delta', delta: { stop_reason: stopReason(done, hasCalls), stop_sequence: null }, usage };
}

interface NamedEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

function event(fields: NamedEvent): string {
  return eventText(fields, fields.type);
}

function blockEvents(step: Exclude<BlockStep, { type: 'done' }>): readonly NamedEvent[] {
  const { index } = step;
  if (step.type === 'close') return [{ type: 'content_block_stop', index }];
  if (step.type === 'piece') {
    const isText = step.kind === 'text';
    const delta = isText ? { type: 'text_delta', text: step.text } : { type: 'thinking_delta', thinking: step.text };
    return [{ type: 'content_block_delta', index, delta }];
  }
  if (step.kind !== 'tool') {
    return [{ type: 'content_block_start', index, content_block: contentBlock({ kind: step.kind, text: '' }) }];
  }
  const { id, name, arguments: given } = step.call;
  const delta = { type: 'input_json_delta', partial_json: JSON.stringify(given) };
  return [
    { type: 'content_block_start', index, content_block: { type: 'tool_use', id, name, input: {} } },
    { type: 'content_block_delta', index, delta },
  ];
}

function contentBlock(block: AnswerBlock): object {
  if (block.kind === 'tool') {
    const { id, name, arguments: given } = block.call;
    return { type: 'tool_use', id, name, input: given };
  }
  if (block.kind === 'text') return { type: 'text', text: block.text };
  // The signature proves thoughts to Anthropic's own servers; clients only send it back.
  return { type: 'thinking', thinking: block.text, signature: '' };
}

function emptyMessage({ id }: MessageHead, model: string): object {
  return { id, type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null };
}

/** Model servers do not say which stop sequence ended an answer, or that one did: that counts as the end of the turn. */
function stopReason(done: ModelDone, hasCalls: boolean): 'tool_use' | 'max_tokens' | 'end_turn' {
  if (hasCalls) return 'tool_use';
  return done.reason === 'length' ? 'max_tokens' : 'end_turn';
}

/** Servers that reuse a prompt may count none of it; then our own count is told. */
function inputTokens({ promptTokens }: ModelDone, decision: DecisionReport | null): number {
  return promptTokens > 0 ? promptTokens : (decision?.promptTokens ?? 0);
}

function usageOf({ inputTokens: input, outputTokens: output }: { inputTokens: number; outputTokens: number }): object {
  return {
    input_tokens: input,
    output_tokens: output,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  };
}

import { ServiceError } from '../../core/errors.ts';
import type { ModelDone, ModelEvent, ToolCall } from '../../core/gateway/model-server.ts';

/** A run of one kind in an answer: thoughts, text, or a call of a function. */
export type BlockKind = 'thinking' | 'text' | 'tool';

/** A step of an answer as blocks that open, grow and close, one after the other. */
export type BlockStep =
  | { readonly type: 'open'; readonly index: number; readonly kind: 'thinking' | 'text' }
  | { readonly type: 'open'; readonly index: number; readonly kind: 'tool'; readonly call: ToolCall }
  | { readonly type: 'piece'; readonly index: number; readonly kind: 'thinking' | 'text'; readonly text: string }
  | { readonly type: 'close'; readonly index: number; readonly block: AnswerBlock }
  | { readonly type: 'done'; readonly done: ModelDone; readonly hasCalls: boolean };

/** A finished block. */
export type AnswerBlock =
  | { readonly kind: 'thinking' | 'text'; readonly text: string }
  | { readonly kind: 'tool'; readonly call: ToolCall };

/** A whole answer. */
export interface WholeAnswer {
  readonly blocks: readonly AnswerBlock[];
  readonly done: ModelDone;
  readonly hasCalls: boolean;
}

/**
 * The events of a model as blocks, which the newer protocols are made of. However the text is split into events, the
 * blocks are the same. Errors: those of the events.
 */
export async function* answerBlocks(events: AsyncIterable<ModelEvent>): AsyncGenerator<BlockStep> {
  let index = -1;
  let open: { kind: 'thinking' | 'text'; text: string } | null = null;
  let hasCalls = false;
  const close = (): BlockStep[] => {
    const block = open;
    open = null;
    return block === null ? [] : [{ type: 'close', index, block }];
  };
  const grow = (kind: 'thinking' | 'text', text: string): BlockStep[] => {
    if (text === '') return [];
    const steps: BlockStep[] = [];
    if (open?.kind !== kind) {
      steps.push(...close(), { type: 'open', index: (index += 1), kind });
      open = { kind, text: '' };
    }
    open.text += text;
    steps.push({ type: 'piece', index, kind, text });
    return steps;
  };
  for await (const event of untilDone(events)) {
    if (event.type === 'done') {
      yield* close();
      yield { type: 'done', done: event, hasCalls };
      return;
    }
    yield* grow('thinking', event.thinking ?? '');
    yield* grow('text', event.text);
    for (const call of event.toolCalls ?? []) {
      hasCalls = true;
      yield* close();
      yield { type: 'open', index: (index += 1), kind: 'tool', call };
      yield { type: 'close', index, block: { kind: 'tool', call } };
    }
  }
}

/** Ends with `done` and with nothing behind it. Errors: those of the events, `model_unavailable` where `done` does not come. */
export async function* untilDone(events: AsyncIterable<ModelEvent>): AsyncGenerator<ModelEvent> {
  for await (const event of events) {
    yield event;
    if (event.type === 'done') return;
  }
  throw new ServiceError('model_unavailable', 'The answer ended before it was complete. Ask again.');
}

/** A whole answer, once its last event has come. Errors: those of the events. */
export async function wholeAnswer(events: AsyncIterable<ModelEvent>): Promise<WholeAnswer> {
  const blocks: AnswerBlock[] = [];
  for await (const step of answerBlocks(events)) {
    if (step.type === 'close') blocks.push(step.block);
    else if (step.type === 'done') return { blocks, done: step.done, hasCalls: step.hasCalls };
  }
  throw new ServiceError('internal', 'An answer ended without an end.');
}

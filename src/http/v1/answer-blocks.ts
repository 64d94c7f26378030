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
 * Reads the events of a model as blocks, which the newer protocols are made of. However the text is split into events,
 * the blocks are the same.
 */
export class BlockReader {
  #index = -1;
  #open: { readonly kind: 'thinking' | 'text'; text: string } | null = null;
  #hasCalls = false;

  /** The steps that an event makes. */
  read(event: ModelEvent): readonly BlockStep[] {
    const steps: BlockStep[] = [];
    if (event.type === 'done') {
      this.#close(steps);
      steps.push({ type: 'done', done: event, hasCalls: this.#hasCalls });
      return steps;
    }
    if (event.thinking) this.#grow('thinking', event.thinking, steps);
    if (event.text !== '') this.#grow('text', event.text, steps);
    for (const call of event.toolCalls ?? []) {
      this.#hasCalls = true;
      this.#close(steps);
      this.#index += 1;
      steps.push({ type: 'open', index: this.#index, kind: 'tool', call });
      steps.push({ type: 'close', index: this.#index, block: { kind: 'tool', call } });
    }
    return steps;
  }

  #grow(kind: 'thinking' | 'text', text: string, steps: BlockStep[]): void {
    if (this.#open?.kind !== kind) {
      this.#close(steps);
      this.#index += 1;
      this.#open = { kind, text: '' };
      steps.push({ type: 'open', index: this.#index, kind });
    }
    this.#open.text += text;
    steps.push({ type: 'piece', index: this.#index, kind, text });
  }

  #close(steps: BlockStep[]): void {
    if (this.#open === null) return;
    steps.push({ type: 'close', index: this.#index, block: this.#open });
    this.#open = null;
  }
}

/** A whole answer, once its last event has come. Errors: those of the events. */
export async function wholeAnswer(events: AsyncIterable<ModelEvent>): Promise<WholeAnswer> {
  const reader = new BlockReader();
  const blocks: AnswerBlock[] = [];
  for await (const event of events) {
    for (const step of reader.read(event)) {
      if (step.type === 'close') blocks.push(step.block);
      else if (step.type === 'done') return { blocks, done: step.done, hasCalls: step.hasCalls };
    }
  }
  throw endless();
}

/** What is wrong with events that stop without `done`. */
export function endless(): ServiceError {
  return new ServiceError('model_unavailable', 'The answer ended before it was complete. Ask again.');
}

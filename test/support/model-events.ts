import type { AnswerStore } from '../../src/core/gateway/answer-cache.ts';
import type { ModelDone, ModelEvent } from '../../src/core/gateway/model-server.ts';

const noTimes = { totalNs: 0, loadNs: 0, promptNs: 0, outputNs: 0 };

/** A piece of an answer. */
export const delta = (text: string): ModelEvent => ({ type: 'delta', text });

/** The end of an answer. */
export const done = (reason = 'stop'): ModelDone => ({
  type: 'done',
  reason,
  promptTokens: 7,
  outputTokens: 3,
  times: noTimes,
});

/** All events of a stream, and the error that ended it. */
export async function collect(events: AsyncIterable<ModelEvent>): Promise<{ events: ModelEvent[]; error: unknown }> {
  const taken: ModelEvent[] = [];
  try {
    for await (const event of events) taken.push(event);
  } catch (error) {
    return { events: taken, error };
  }
  return { events: taken, error: null };
}

/** The text of an answer. */
export function textOf(events: readonly ModelEvent[]): string {
  return events.map((event) => (event.type === 'delta' ? event.text : '')).join('');
}

/** A model whose words come when the test says so. */
export class HandModel {
  readonly signals: AbortSignal[] = [];
  readonly #waiting: (() => void)[] = [];
  #script: (ModelEvent | Error)[] = [];

  /** Sends events, or fails with an error, to the generation under way or to the next one. */
  say(...script: readonly (ModelEvent | Error)[]): void {
    this.#script.push(...script);
    this.#wake();
  }

  readonly generate = async function* (this: HandModel, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    this.signals.push(signal);
    signal.addEventListener('abort', () => this.#wake());
    for (;;) {
      if (signal.aborted) throw signal.reason;
      const event = this.#script.shift();
      if (event instanceof Error) throw event;
      if (event !== undefined) yield event;
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
      if (event?.type === 'done') return;
    }
  }.bind(this);

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Answers kept in memory. */
export class MapAnswerStore implements AnswerStore {
  readonly kept = new Map<string, { readonly events: readonly ModelEvent[]; readonly at: number }>();
  readonly #now: () => number;

  constructor(now: () => number = () => 0) {
    this.#now = now;
  }

  read(key: string, notBefore: number): readonly ModelEvent[] | null {
    const found = this.kept.get(key);
    return found === undefined || found.at < notBefore ? null : found.events;
  }

  write(key: string, events: readonly ModelEvent[]): void {
    this.kept.set(key, { events, at: this.#now() });
  }

  size(): { readonly answers: number; readonly bytes: number } {
    return { answers: this.kept.size, bytes: 0 };
  }

  close(): void {
    this.kept.clear();
  }
}

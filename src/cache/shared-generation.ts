import { ServiceError } from '../core/errors.ts';
import type { ModelDone, ModelEvent } from '../core/gateway/model-server.ts';

/** How one generation is shared. */
export interface SharedGenerationOptions {
  /** Starts it; the signal stops it when nobody waits any more. */
  readonly generate: (signal: AbortSignal) => AsyncIterable<ModelEvent>;
  /** Above so many characters what all listeners have had is let go, so that nobody can join any more. */
  readonly maxCharacters: number;
  /** Given all events of a complete answer that was not too long, before anybody has its last event. */
  readonly onComplete: (events: readonly ModelEvent[]) => void;
  /** Told, perhaps more than once, when nobody can join any more. */
  readonly onClosed: () => void;
}

/** One who reads along: how many events it has had, and how it is woken. */
interface Listener {
  position: number;
  wake: (() => void) | null;
}

/**
 * One generation that several requests read, each at its own pace: who comes late gets what has come so far, then the
 * rest. The model is read as fast as it writes until the answer is too long to hold; from there on as fast as the slowest reads.
 */
export class SharedGeneration {
  readonly #options: SharedGenerationOptions;
  readonly #controller = new AbortController();
  readonly #listeners = new Set<Listener>();
  #events: ModelEvent[] = [];
  /** Events that were let go. */
  #gone = 0;
  #characters = 0;
  #isTooLong = false;
  #end: { readonly error: unknown } | 'done' | null = null;
  #slowestRead: (() => void) | null = null;

  constructor(options: SharedGenerationOptions) {
    this.#options = options;
  }

  /** Begins to read the model. There must be a listener already. */
  start(): void {
    void this.#run();
  }

  /** Reads along from the beginning. An abort of `signal` ends this reader alone, with the error `aborted`. */
  listen(signal: AbortSignal): AsyncIterable<ModelEvent> {
    const listener: Listener = { position: 0, wake: null };
    this.#listeners.add(listener);
    const leave = (): void => {
      signal.removeEventListener('abort', leave);
      this.#leave(listener);
    };
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    const iterator: AsyncIterator<ModelEvent> = {
      next: async () => {
        const event = await this.#next(listener, signal);
        if (event === null || event.type === 'done') leave();
        return event === null ? { done: true, value: undefined } : { done: false, value: event };
      },
      return: async () => {
        leave();
        return { done: true, value: undefined };
      },
    };
    return { [Symbol.asyncIterator]: () => iterator };
  }

  /** The next event for a listener; null when it has had all, or has left. */
  async #next(listener: Listener, signal: AbortSignal): Promise<ModelEvent | null> {
    for (;;) {
      if (signal.aborted) throw abortError(signal);
      if (!this.#listeners.has(listener)) return null;
      const event = this.#events[listener.position - this.#gone];
      if (event !== undefined) {
        listener.position++;
        if (this.#isTooLong) this.#letGo();
        return event;
      }
      if (this.#end !== null) {
        if (this.#end === 'done') return null;
        throw this.#end.error;
      }
      await new Promise<void>((resolve) => (listener.wake = resolve));
    }
  }

  #leave(listener: Listener): void {
    if (!this.#listeners.delete(listener)) return;
    wake(listener);
    if (this.#isTooLong) this.#letGo();
    if (this.#listeners.size > 0 || this.#end !== null) return;
    this.#options.onClosed();
    this.#controller.abort(new ServiceError('aborted', 'Nobody waits for this answer any more.'));
  }

  async #run(): Promise<void> {
    try {
      const done = await this.#read();
      this.#events.push(done);
      if (done.reason === 'stop' && !this.#isTooLong) this.#options.onComplete(this.#events);
      this.#end = 'done';
    } catch (error) {
      this.#end = { error };
    }
    this.#options.onClosed();
    this.#wakeAll();
  }

  /** Takes the model's events in until the last one, which is returned. */
  async #read(): Promise<ModelDone> {
    for await (const event of this.#options.generate(this.#controller.signal)) {
      if (event.type === 'done') return event;
      this.#events.push(event);
      this.#characters += lengthOf(event);
      this.#wakeAll();
      if (!this.#isTooLong && this.#characters > this.#options.maxCharacters) {
        this.#isTooLong = true;
        this.#options.onClosed();
      }
      if (this.#isTooLong) await this.#untilRead();
    }
    throw new ServiceError('model_unavailable', 'The model server ended its answer too early. Try again.');
  }

  /** Waits until every listener has had all that came; one that leaves is waited for no longer. */
  async #untilRead(): Promise<void> {
    this.#letGo();
    while (this.#events.length > 0 && this.#listeners.size > 0) {
      await new Promise<void>((resolve) => (this.#slowestRead = resolve));
    }
  }

  #letGo(): void {
    const slowest = Math.min(...[...this.#listeners].map(({ position }) => position));
    this.#events.splice(0, slowest - this.#gone);
    if (Number.isFinite(slowest)) this.#gone = slowest;
    this.#slowestRead?.();
    this.#slowestRead = null;
  }

  #wakeAll(): void {
    for (const listener of this.#listeners) wake(listener);
  }
}

function wake(listener: Listener): void {
  listener.wake?.();
  listener.wake = null;
}

function lengthOf(event: ModelEvent): number {
  if (event.type === 'done') return 0;
  const extras = event.toolCalls === undefined && event.extra === undefined ? 0 : JSON.stringify(event).length;
  return event.text.length + (event.thinking?.length ?? 0) + extras;
}

/** What an abort is told as. */
function abortError(signal: AbortSignal): ServiceError {
  const reason: unknown = signal.reason;
  if (reason instanceof ServiceError) return reason;
  return new ServiceError('aborted', 'Stopped before it was finished.', { cause: reason });
}

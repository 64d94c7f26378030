import type { AnswerStore } from '../core/gateway/answer-cache.ts';
import type { ModelEvent } from '../core/gateway/model-server.ts';
import { toServiceError } from '../core/errors.ts';
import { compactEvents } from './compact-events.ts';
import { SharedGeneration } from './shared-generation.ts';

/** What shared answers work with. */
export interface SharedAnswersOptions {
  /** Null where nothing is kept: requests in flight still share. */
  readonly store: AnswerStore | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Longest answer that is kept or shared by late comers, in characters. Default two million. */
  readonly maxCharacters?: number;
}

/** Which answer is wanted, and what will do. */
export interface AnswerRequest {
  /** From `answerKey`. */
  readonly key: string;
  /** A kept answer will do, and so will one that another request waits for. */
  readonly use: boolean;
  /** The answer may be kept for others. */
  readonly keep: boolean;
  /** Oldest kept answer that will do, in milliseconds; any age when absent. */
  readonly maxAgeMs?: number;
}

/** Asks the model; the signal stops it. */
export type Generate = (signal: AbortSignal) => AsyncIterable<ModelEvent>;

/** An answer on its way. */
export interface SharedAnswer {
  /** `hit`: no model was asked for this request; it was kept, or another request waits for the very same. */
  readonly verdict: 'hit' | 'miss';
  /** Ends with `done`, or throws. To be read once. Kept events are as the model sent them, its times included. */
  readonly events: AsyncIterable<ModelEvent>;
}

/** How often what happened since the start. */
export interface AnswerCounts {
  readonly hits: number;
  readonly misses: number;
  /** Of the hits: those that joined a generation in flight. */
  readonly joined: number;
}

const defaultMaxCharacters = 2_000_000;

interface Flight {
  readonly generation: SharedGeneration;
  isKept: boolean;
}

/** Answers from the store, from a generation that is under way, or from a new one, in this order. */
export class SharedAnswers {
  readonly #options: SharedAnswersOptions;
  readonly #flights = new Map<string, Flight>();
  #hits = 0;
  #misses = 0;
  #joined = 0;

  constructor(options: SharedAnswersOptions) {
    this.#options = options;
  }

  /** The answer of a key. `generate` is called when none is there; an abort of `signal` ends this request's part alone. */
  answer(request: AnswerRequest, generate: Generate, signal: AbortSignal): SharedAnswer {
    const { key, use, keep } = request;
    const kept = use ? this.#kept(request) : null;
    if (kept !== null) {
      this.#hits++;
      return { verdict: 'hit', events: replay(kept) };
    }
    const flight = use ? this.#flights.get(key) : undefined;
    if (flight !== undefined) {
      this.#hits++;
      this.#joined++;
      flight.isKept ||= keep;
      const again = (): AsyncIterable<ModelEvent> => this.answer(request, generate, signal).events;
      return { verdict: 'hit', events: unlessRefused(flight.generation.listen(signal), again) };
    }
    this.#misses++;
    // Such a request wants an answer of its own, and nobody else may have it.
    if (!use && !keep) return { verdict: 'miss', events: generate(signal) };
    return { verdict: 'miss', events: this.#lead(request, generate, signal) };
  }

  counts(): AnswerCounts {
    return { hits: this.#hits, misses: this.#misses, joined: this.#joined };
  }

  #kept({ key, maxAgeMs = Infinity }: AnswerRequest): readonly ModelEvent[] | null {
    return this.#options.store?.read(key, Math.max(0, this.#options.now() - maxAgeMs)) ?? null;
  }

  /** Starts a generation that others can join from now on. */
  #lead({ key, keep }: AnswerRequest, generate: Generate, signal: AbortSignal): AsyncIterable<ModelEvent> {
    const generation = new SharedGeneration({
      generate,
      maxCharacters: this.#options.maxCharacters ?? defaultMaxCharacters,
      onComplete: (events) => {
        if (flight.isKept) this.#options.store?.write(key, compactEvents(events));
      },
      onClosed: () => {
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
      },
    });
    const flight: Flight = { generation, isKept: keep };
    this.#flights.set(key, flight);
    const events = generation.listen(signal);
    generation.start();
    return events;
  }
}

async function* replay(events: readonly ModelEvent[]): AsyncGenerator<ModelEvent> {
  yield* events;
}

/**
 * The events of a generation that another request leads. Where that one is turned away for having asked too much, which
 * concerns its caller alone, this request asks `again` for itself.
 */
function unlessRefused(
  shared: AsyncIterable<ModelEvent>,
  again: () => AsyncIterable<ModelEvent>,
): AsyncIterable<ModelEvent> {
  let inner = shared[Symbol.asyncIterator]();
  let isFirst = true;
  const next = async (): Promise<IteratorResult<ModelEvent>> => {
    const mayRetry = isFirst;
    isFirst = false;
    try {
      return await inner.next();
    } catch (error) {
      if (!mayRetry || toServiceError(error).code !== 'rate_limited') throw error;
      inner = again()[Symbol.asyncIterator]();
      return inner.next();
    }
  };
  const end = async (): Promise<IteratorResult<ModelEvent>> => {
    await inner.return?.();
    return { done: true, value: undefined };
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: end }) };
}

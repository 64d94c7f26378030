import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SharedAnswers } from '../../../src/cache/shared-answers.ts';
import type { ModelEvent } from '../../../src/core/gateway/model-server.ts';
import { collect, delta, done, MapAnswerStore } from '../../support/model-events.ts';

type Step = { readonly do: 'join' | 'emit' | 'abort' | 'read' | 'break'; readonly who: number };
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('join', 'join', 'emit', 'emit', 'abort', 'read', 'read', 'break'),
  who: fc.nat(7),
});

/** Generations whose events a test gives out one by one; each event names its generation and its number. */
class SteppedModel {
  readonly generations: { readonly signal: AbortSignal; credit: number; wake: (() => void) | null }[] = [];
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  emit(): void {
    for (const generation of this.generations) {
      generation.credit++;
      generation.wake?.();
    }
  }

  readonly generate = async function* (this: SteppedModel, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const own = { signal, credit: 0, wake: null as (() => void) | null };
    const number = this.generations.push(own) - 1;
    signal.addEventListener('abort', () => own.wake?.());
    for (let i = 0; i <= this.#length; i++) {
      while (own.credit === 0 && !signal.aborted) await new Promise<void>((resolve) => (own.wake = resolve));
      if (signal.aborted) throw signal.reason;
      own.credit--;
      yield i === this.#length ? done() : delta(`${number}:${i} `);
    }
  }.bind(this);
}

interface Reader {
  readonly controller: AbortController;
  readonly iterator: AsyncIterator<ModelEvent>;
  readonly got: ModelEvent[];
  error: unknown;
  hasBroken: boolean;
  chain: Promise<void>;
}

function readOne(reader: Reader): Promise<void> {
  const take = async (): Promise<void> => {
    if (reader.error !== null || reader.hasBroken || reader.got.at(-1)?.type === 'done') return;
    try {
      const { value, done: ended } = await reader.iterator.next();
      if (!ended) reader.got.push(value);
    } catch (error) {
      reader.error = error;
    }
  };
  reader.chain = reader.chain.then(take);
  return reader.chain;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('whoever joins and leaves when: each reader has the whole of one answer, or its own abort', async () => {
  const runs = fc.array(step, { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(runs, fc.integer({ min: 0, max: 12 }), fc.boolean(), async (steps, length, isShort) => {
      const model = new SteppedModel(length);
      const answers = new SharedAnswers({
        store: new MapAnswerStore(),
        now: () => 0,
        maxCharacters: isShort ? 8 : 1_000,
      });
      const readers: Reader[] = [];
      for (const { do: what, who } of steps) {
        const reader = readers[who % Math.max(1, readers.length)];
        if (what === 'emit') model.emit();
        else if (what === 'join') {
          const controller = new AbortController();
          const { events } = answers.answer({ key: 'k', use: true, keep: true }, model.generate, controller.signal);
          const iterator = events[Symbol.asyncIterator]();
          readers.push({ controller, iterator, got: [], error: null, hasBroken: false, chain: Promise.resolve() });
        } else if (reader !== undefined && what === 'read') void readOne(reader);
        else if (reader !== undefined && what === 'abort') reader.controller.abort();
        else if (reader !== undefined) {
          reader.hasBroken = true;
          await reader.iterator.return?.();
        }
        if (who % 2 === 0) await settle();
      }
      // Now all read on to the end, while the model says all it has.
      const rest = readers.map(async (reader) => {
        for (let i = 0; i <= length + 1; i++) await readOne(reader);
      });
      for (let i = 0; i <= length + 1; i++) {
        model.emit();
        await settle();
      }
      await Promise.all(rest);
      for (const { got, error, hasBroken, controller } of readers)
        expectWholeOrOwnEnd(got, length, { error, hasBroken, controller });
      // Whatever was kept is a whole answer, too.
      const kept = await collect(answers.answer({ key: 'k', use: true, keep: false }, fail, never).events);
      if (kept.error === null)
        expectWholeOrOwnEnd(kept.events, length, { error: null, hasBroken: false, controller: new AbortController() });
    }),
    { numRuns: 400 },
  );
}, 30_000);

const never = new AbortController().signal;
// oxlint-disable-next-line require-yield -- it fails before its first event
async function* fail(): AsyncGenerator<ModelEvent> {
  throw new Error('Nothing was kept.');
}

function expectWholeOrOwnEnd(
  got: readonly ModelEvent[],
  length: number,
  { error, hasBroken, controller }: Pick<Reader, 'error' | 'hasBroken' | 'controller'>,
): void {
  const words = got.flatMap((event) => (event.type === 'delta' ? event.text.trim().split(' ') : [])).filter(Boolean);
  // In order, without a gap, from one generation.
  const [generation] = (words[0] ?? '').split(':');
  expect(words).toEqual(words.map((_, i) => `${generation}:${i}`));
  if (controller.signal.aborted || hasBroken) return;
  expect(error).toBeNull();
  expect(words).toHaveLength(length);
  expect(got.at(-1)).toEqual(done());
}

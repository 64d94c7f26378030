import { describe, expect, test } from 'vitest';
import { SharedAnswers } from '../../../src/cache/shared-answers.ts';
import { ServiceError } from '../../../src/core/errors.ts';
import { collect, delta, done, HandModel, MapAnswerStore, textOf } from '../../support/model-events.ts';

const shared = { key: 'k', use: true, keep: true };
const never = new AbortController().signal;

// oxlint-disable-next-line require-yield -- it fails before its first event
async function* fail(): AsyncGenerator<never> {
  throw new ServiceError('model_unavailable', 'Gone.');
}

function setUp(maxCharacters = 1_000) {
  const clock = { now: 1_000_000 };
  const store = new MapAnswerStore(() => clock.now);
  const model = new HandModel();
  const answers = new SharedAnswers({ store, now: () => clock.now, maxCharacters });
  const ask = (changes = {}, signal = never) => answers.answer({ ...shared, ...changes }, model.generate, signal);
  return { clock, store, model, answers, ask };
}

describe('kept answers', () => {
  test('the same key is answered from the store, with the same words, and counted', async () => {
    const { model, ask, answers } = setUp();
    model.say(delta('It '), delta('is so.'), done());
    const first = await collect(ask().events);
    const again = ask();
    expect(again.verdict).toBe('hit');
    const second = await collect(again.events);
    expect(textOf(second.events)).toBe(textOf(first.events));
    expect(second.events.at(-1)).toEqual(done());
    expect(model.signals).toHaveLength(1);
    expect(answers.counts()).toEqual({ hits: 1, misses: 1, joined: 0 });
  });

  test('many small pieces are kept as few; tool calls and extra fields stay where they were', async () => {
    const { model, ask } = setUp();
    const call = { type: 'delta' as const, text: '', toolCalls: [{ id: '1', name: 'f', arguments: {} }] };
    const thinking = { type: 'delta' as const, text: '', thinking: 'hm' };
    model.say(thinking, thinking, ...Array.from({ length: 300 }, () => delta('ab')), call, delta('c'), done());
    await collect(ask().events);
    const { events } = await collect(ask().events);
    expect(events).toHaveLength(7);
    expect(events[0]).toEqual({ type: 'delta', text: '', thinking: 'hmhm' });
    expect(textOf(events)).toBe(`${'ab'.repeat(300)}c`);
    expect(events[4]).toEqual(call);
  });

  test('an answer that is older than the request allows is made anew', async () => {
    const { model, ask, clock } = setUp();
    model.say(delta('old'), done());
    await collect(ask().events);
    clock.now += 5_000;
    expect(ask({ maxAgeMs: 5_000 }).verdict).toBe('hit');
    model.say(delta('new'), done());
    const fresh = ask({ maxAgeMs: 4_999 });
    expect(fresh.verdict).toBe('miss');
    expect(textOf((await collect(fresh.events)).events)).toBe('new');
  });

  test.each(['length', 'load'])('an answer that ended by "%s" is not kept', async (reason) => {
    const { model, ask, store } = setUp();
    model.say(delta('half'), done(reason));
    await collect(ask().events);
    expect(store.kept.size).toBe(0);
  });

  test('an error is not kept, and comes after what was said before it', async () => {
    const { model, ask, store } = setUp();
    const failure = new ServiceError('model_unavailable', 'Gone.');
    model.say(delta('half'), failure);
    expect(await collect(ask().events)).toEqual({ events: [delta('half')], error: failure });
    expect(store.kept.size).toBe(0);
    model.say(done());
    expect(ask().verdict).toBe('miss');
  });

  test('a stream that ends without its last event is an error, not an answer', async () => {
    const { answers, store } = setUp();
    const cut = async function* () {
      yield delta('half');
    };
    const { error } = await collect(answers.answer(shared, cut, never).events);
    expect(error).toMatchObject({ code: 'model_unavailable' });
    expect(store.kept.size).toBe(0);
  });

  test('who wants no kept answer gets a new one, which then serves the others', async () => {
    const { model, ask } = setUp();
    model.say(delta('one'), done());
    await collect(ask().events);
    model.say(delta('two'), done());
    const fresh = ask({ use: false });
    expect(fresh.verdict).toBe('miss');
    await collect(fresh.events);
    expect(textOf((await collect(ask().events)).events)).toBe('two');
  });

  test('without a store, requests in flight still share', async () => {
    const model = new HandModel();
    const answers = new SharedAnswers({ store: null, now: () => 0 });
    const both = [1, 2].map(() => collect(answers.answer(shared, model.generate, never).events));
    model.say(delta('a'), done());
    expect((await Promise.all(both)).map(({ events }) => textOf(events))).toEqual(['a', 'a']);
    expect(model.signals).toHaveLength(1);
  });
});

describe('requests in flight', () => {
  test('a late comer gets what has come so far, then the rest, of the one generation', async () => {
    const { model, ask, answers } = setUp();
    model.say(delta('a'), delta('b'));
    const early = ask().events[Symbol.asyncIterator]();
    await early.next();
    await early.next();
    const late = ask();
    expect(late.verdict).toBe('hit');
    const rest = collect(late.events);
    model.say(delta('c'), done());
    expect(textOf((await rest).events)).toBe('abc');
    expect((await early.next()).value).toEqual(delta('c'));
    expect(model.signals).toHaveLength(1);
    expect(answers.counts()).toEqual({ hits: 1, misses: 1, joined: 1 });
  });

  test('when the first goes away the others go on; when all have gone the model is stopped', async () => {
    const { model, ask } = setUp();
    const [one, two] = [new AbortController(), new AbortController()];
    const first = collect(ask({}, one.signal).events);
    const second = ask({}, two.signal).events[Symbol.asyncIterator]();
    one.abort();
    expect((await first).error).toMatchObject({ code: 'aborted' });
    model.say(delta('a'));
    expect((await second.next()).value).toEqual(delta('a'));
    expect(model.signals[0]?.aborted).toBe(false);
    const waiting = second.next();
    two.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    expect(model.signals[0]?.aborted).toBe(true);
    model.say(done());
    expect(ask().verdict).toBe('miss');
  });

  test('who stops reading has gone, too, even while it waits', async () => {
    const { model, ask } = setUp();
    const reader = ask().events[Symbol.asyncIterator]();
    const waiting = reader.next();
    await reader.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(model.signals[0]?.aborted).toBe(true);
  });

  test('a failure reaches all; a refusal of the one who asked first is no refusal of the others', async () => {
    const { model, ask } = setUp();
    const failed = [ask(), ask()].map(({ events }) => collect(events));
    model.say(new ServiceError('model_unavailable', 'Gone.'));
    for (const { error } of await Promise.all(failed)) expect(error).toMatchObject({ code: 'model_unavailable' });

    const refused = [ask(), ask()].map(({ events }) => collect(events));
    model.say(new ServiceError('rate_limited', 'Too many.'), delta('a'), done());
    const [leader, joiner] = await Promise.all(refused);
    expect(leader?.error).toMatchObject({ code: 'rate_limited' });
    expect(textOf(joiner?.events ?? [])).toBe('a');
  });

  test('a request that is neither to use nor to keep an answer shares nothing', async () => {
    const { model, ask, store } = setUp();
    const alone = collect(ask({ use: false, keep: false }).events);
    expect(ask({ use: true, keep: false }).verdict).toBe('miss');
    expect(model.signals).toHaveLength(2);
    model.say(done(), done());
    await alone;
    expect(store.kept.size).toBe(0);
  });

  test('an answer too long to hold is let go: no late comers, not kept, read as fast as the slowest reads', async () => {
    const { answers, store } = setUp(10);
    let said = 0;
    const long = async function* () {
      for (; said < 20; said++) yield delta('<1234>');
      yield done();
    };
    const ask = () => answers.answer(shared, long, never);
    const slow = ask().events[Symbol.asyncIterator]();
    const fast = collect(ask().events);
    for (let taken = 1; taken <= 5; taken++) {
      await slow.next();
      await new Promise((resolve) => setImmediate(resolve));
      expect(said).toBeLessThanOrEqual(taken + 1);
    }
    expect(answers.answer({ ...shared, keep: false }, fail, never).verdict).toBe('miss');
    let last = await slow.next();
    while (!last.done) last = await slow.next();
    expect((await fast).error).toBeNull();
    expect(store.kept.size).toBe(0);
  });
});

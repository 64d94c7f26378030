import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FairQueue } from '../../../src/access/fair-queue.ts';
import type { Release } from '../../../src/access/fair-queue.ts';
import { toServiceError } from '../../../src/core/errors.ts';

const never = new AbortController().signal;

/** A queue, a clock that is set by hand, and who got a slot, in order. */
function world(slots: number, length: number) {
  const clock = { now: 0 };
  const queue = new FairQueue({ slots, length, now: () => clock.now });
  const served: string[] = [];
  const releases: Release[] = [];
  const ask = async (caller: string, name = caller, signal = never): Promise<Release> => {
    const release = await queue.acquire(caller, signal);
    served.push(name);
    releases.push(release);
    return release;
  };
  return { clock, queue, served, releases, ask };
}

/** Lets everything that is already settled run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function refused(pending: Promise<unknown>): Promise<object> {
  const error = toServiceError(
    await pending.then(
      () => 'admitted',
      (thrown: unknown) => thrown,
    ),
  );
  return { code: error.code, retryAfterSeconds: error.retryAfterSeconds };
}

describe('turns', () => {
  test('go round: a caller with many calls does not hold up one with a single call', async () => {
    const { ask, served, releases } = world(1, 10);
    await ask('a', 'a1');
    const waiting = ['a2', 'a3', 'b1', 'a4', 'c1', 'b2'].map((name) => ask(name.slice(0, 1), name));
    for (let turn = 0; turn < waiting.length; turn++) {
      releases[turn]?.();
      await settle();
    }
    expect(served).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });

  test('are kept while others join and leave', async () => {
    const { ask, served, releases, queue } = world(1, 10);
    const stop = new AbortController();
    await ask('a');
    const leaving = ask('b', 'b1', stop.signal);
    void ask('c', 'c1');
    void ask('b', 'b2');
    stop.abort();
    expect(await refused(leaving)).toMatchObject({ code: 'aborted' });
    expect(queue.gauges()).toEqual({ queued: 2, running: 1 });
    releases[0]?.();
    await settle();
    releases[1]?.();
    await settle();
    expect(served).toEqual(['a', 'b2', 'c1']);
  });
});

describe('a full queue', () => {
  test('refuses a caller that waits already, saying when to come back', async () => {
    const { ask, queue } = world(1, 2);
    await ask('a');
    void ask('a');
    void ask('a');
    expect(await refused(ask('a'))).toEqual({ code: 'rate_limited', retryAfterSeconds: 15 });
    expect(queue.gauges()).toEqual({ queued: 2, running: 1 });
  });

  test('gives the newest place of the greediest to a caller that has none', async () => {
    const { ask, served, releases } = world(1, 3);
    await ask('a', 'a0');
    void ask('a', 'a1');
    const pushedOut = refused(ask('a', 'a3'));
    void ask('b', 'b1');
    void ask('c', 'c1');
    expect(await pushedOut).toMatchObject({ code: 'rate_limited' });
    for (const turn of [0, 1, 2]) {
      releases[turn]?.();
      await settle();
    }
    expect(served).toEqual(['a0', 'a1', 'b1', 'c1']);
  });

  test('is the whole service being busy for a caller that has none where all others have one', async () => {
    const { ask } = world(1, 2);
    await ask('a');
    void ask('a');
    void ask('b');
    expect(await refused(ask('c'))).toEqual({ code: 'model_unavailable', retryAfterSeconds: 15 });
    expect(await refused(ask('b'))).toMatchObject({ code: 'rate_limited' });
  });

  test('of length 0 lets through what finds a slot', async () => {
    const { ask, releases } = world(1, 0);
    await ask('a');
    expect(await refused(ask('b'))).toMatchObject({ code: 'model_unavailable' });
    releases[0]?.();
    await ask('b');
  });

  test('learns how long calls take', async () => {
    const { ask, queue, clock } = world(2, 1);
    for (let call = 0; call < 60; call++) {
      const release = await queue.acquire('a', never);
      clock.now += 40_000;
      release();
    }
    await ask('a');
    await ask('a');
    void ask('a');
    expect(await refused(ask('a'))).toEqual({ code: 'rate_limited', retryAfterSeconds: 40 });
  });

  test('refuses within a millisecond, also when thousands wait', async () => {
    const { ask } = world(1, 10_000);
    await ask('a');
    for (let call = 0; call < 10_000; call++) void ask(`caller-${call % 500}`).catch(() => {});
    const startedAt = performance.now();
    for (let call = 0; call < 100; call++)
      expect(await refused(ask('caller-7'))).toMatchObject({ code: 'rate_limited' });
    expect((performance.now() - startedAt) / 100).toBeLessThan(5);
  });
});

describe('a place', () => {
  test('counts while its call is prepared, so that what would be refused is not prepared', async () => {
    const { queue, ask } = world(1, 1);
    const [one, two] = [queue.reserve('a'), queue.reserve('b')];
    expect(() => queue.reserve('c')).toThrow(expect.objectContaining({ code: 'model_unavailable' }));
    two.leave();
    two.leave();
    const release = await one.acquire(never);
    const waiting = ask('c');
    expect(() => queue.reserve('c')).toThrow(expect.objectContaining({ code: 'rate_limited' }));
    release();
    await waiting;
    expect(queue.gauges()).toEqual({ queued: 0, running: 1 });
  });

  test('that was given up asks for another one', async () => {
    const { queue } = world(1, 0);
    const place = queue.reserve('a');
    place.leave();
    const other = queue.reserve('b');
    await expect(place.acquire(never)).rejects.toMatchObject({ code: 'model_unavailable' });
    other.leave();
    const release = await place.acquire(never);
    release();
    expect(queue.gauges()).toEqual({ queued: 0, running: 0 });
  });
});

describe('slots', () => {
  test('are given back once, however often that is said', async () => {
    const { ask, queue } = world(2, 0);
    const first = await ask('a');
    await ask('a');
    first();
    first();
    expect(queue.gauges()).toEqual({ queued: 0, running: 1 });
  });

  test('are not taken by what was stopped before', async () => {
    const { queue } = world(1, 1);
    expect(await refused(queue.acquire('a', AbortSignal.abort()))).toMatchObject({ code: 'aborted' });
    expect(queue.gauges()).toEqual({ queued: 0, running: 0 });
  });

  test('stopping what runs is no matter of the queue', async () => {
    const { ask, queue } = world(1, 1);
    const stop = new AbortController();
    const release = await ask('a', 'a', stop.signal);
    stop.abort();
    expect(queue.gauges()).toEqual({ queued: 0, running: 1 });
    release();
    expect(queue.gauges()).toEqual({ queued: 0, running: 0 });
  });
});

interface Call {
  readonly caller: string;
  readonly stop: AbortController;
  /** How often each other caller was served since this call was first in its caller's line. */
  readonly overtakenBy: Map<string, number>;
  /** Set when it is served. */
  release: Release | null;
}

/** Plays callers against a queue and keeps the books on its own: who waits, who is served, and what was unfair. */
class Books {
  readonly unfair: string[] = [];
  readonly held: Call[] = [];
  waiting: Call[] = [];

  ask(queue: FairQueue, caller: string): void {
    const call: Call = { caller, stop: new AbortController(), overtakenBy: new Map(), release: null };
    this.waiting.push(call);
    queue.acquire(caller, call.stop.signal).then(
      (release) => this.#served(call, release),
      () => this.#leave(call),
    );
  }

  #served(call: Call, release: Release): void {
    const first = this.waiting.find(({ caller }) => caller === call.caller);
    if (first !== call) this.unfair.push(`a later call of ${call.caller} came first`);
    this.#leave(call);
    this.held.push(call);
    call.release = release;
    for (const other of new Map(this.waiting.toReversed().map((one) => [one.caller, one])).values()) {
      if (other.caller === call.caller) continue;
      const times = (other.overtakenBy.get(call.caller) ?? 0) + 1;
      other.overtakenBy.set(call.caller, times);
      if (times > 1) this.unfair.push(`${other.caller} waited while ${call.caller} had ${times} turns`);
    }
  }

  #leave(call: Call): void {
    this.waiting = this.waiting.filter((other) => other !== call);
  }
}

type Step = { readonly act: 'ask' | 'stop' | 'release'; readonly pick: number };

const steps = fc.array(
  fc.record<Step>({ act: fc.constantFrom('ask', 'ask', 'ask', 'stop', 'release', 'release'), pick: fc.nat(1_000) }),
  { maxLength: 120 },
);

test('under random calls, stops and releases no slot is lost and nobody waits longer than a round', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.nat(12), steps, async (slots, length, script) => {
      const queue = new FairQueue({ slots, length, now: () => 0 });
      const books = new Books();
      for (const { act, pick } of script) {
        if (act === 'ask') books.ask(queue, 'abcd'.charAt(pick % 4));
        else if (act === 'stop') books.waiting[pick % Math.max(1, books.waiting.length)]?.stop.abort();
        else books.held.splice(pick % Math.max(1, books.held.length), 1)[0]?.release?.();
        await settle();
        const [queued, running] = [books.waiting.length, books.held.length];
        expect(queue.gauges()).toEqual({ queued, running });
        expect(queued).toBeLessThanOrEqual(length);
        // Nobody waits beside a free slot.
        expect(running).toBeLessThanOrEqual(slots);
        expect(queued === 0 || running === slots).toBe(true);
      }
      while (books.held.length > 0) {
        books.held.pop()?.release?.();
        await settle();
      }
      expect(queue.gauges()).toEqual({ queued: 0, running: 0 });
      expect(books.waiting).toEqual([]);
      expect(books.unfair).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

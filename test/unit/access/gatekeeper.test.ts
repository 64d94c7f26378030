import { beforeEach, describe, expect, test } from 'vitest';
import { KeyGatekeeper } from '../../../src/access/gatekeeper.ts';
import type { GatekeeperOptions } from '../../../src/access/gatekeeper.ts';
import { createKey } from '../../../src/access/keys.ts';
import type { CreatedKey } from '../../../src/access/keys.ts';
import type { NewKey } from '../../../src/core/gateway/caller.ts';
import { toServiceError } from '../../../src/core/errors.ts';
import { memoryKeys } from '../../support/memory-keys.ts';

const start = Date.parse('2026-01-02T03:04:05.000Z');
const fixedKey = 'fixed-key-of-24-letters!';
let now = start;
beforeEach(() => {
  now = start;
});

function made(changes: Partial<NewKey> = {}): CreatedKey {
  return createKey({ name: 'ci', projects: null, isAdmin: false, expiresAt: null, ...changes }, { now: () => now });
}

function gate(changes: Partial<GatekeeperOptions> = {}): KeyGatekeeper {
  const options = { store: memoryKeys(), fixedKey: null, allowAnonymous: false, now: () => now, requestsPerMinute: 0 };
  return new KeyGatekeeper({ ...options, ...changes });
}

function refusal(keeper: KeyGatekeeper, key: string | null): object {
  try {
    return keeper.admit(key);
  } catch (error) {
    const { code, retryAfterSeconds } = toServiceError(error);
    return { code, retryAfterSeconds };
  }
}
const unauthorized = { code: 'unauthorized', retryAfterSeconds: null };

describe('a key', () => {
  test('has 256 random bits, an id that is its beginning, and a record without the rest', () => {
    const { key, record } = made({ name: 'ci', projects: ['shop'], isAdmin: true });
    expect(key).toMatch(/^lk_[\w-]{43}$/);
    expect(record).toEqual({
      id: key.slice(0, 11),
      name: 'ci',
      projects: ['shop'],
      isAdmin: true,
      createdAt: '2026-01-02T03:04:05.000Z',
      expiresAt: null,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(record)).not.toContain(key.slice(11));
    expect(made().key).not.toBe(key);
  });

  test('opens with what it may do, and without its digest', () => {
    const { key, record } = made({ projects: ['shop'], isAdmin: true });
    expect(gate({ store: memoryKeys(record) }).admit(key)).toEqual({
      id: record.id,
      name: 'ci',
      projects: ['shop'],
      isAdmin: true,
    });
  });

  test('opens at once after it was made, and no more after it was revoked', () => {
    const { key, record } = made();
    const store = memoryKeys();
    const keeper = gate({ store });
    expect(refusal(keeper, key)).toEqual(unauthorized);
    store.add(record);
    expect(keeper.admit(key).id).toBe(record.id);
    store.remove(record.id);
    expect(refusal(keeper, key)).toEqual(unauthorized);
  });

  test('opens until its end, not at it', () => {
    const { key, record } = made({ expiresAt: new Date(start + 1000).toISOString() });
    const keeper = gate({ store: memoryKeys(record) });
    now = start + 999;
    expect(keeper.admit(key).id).toBe(record.id);
    now = start + 1000;
    expect(refusal(keeper, key)).toEqual(unauthorized);
    expect(() => keeper.admit(key)).toThrow('has ended');
  });

  test.each([{ expiresAt: 'some day' }, { hash: '' }, { hash: '00'.repeat(32) }])(
    'with the damaged record %j opens nothing',
    (damage) => {
      const { key, record } = made();
      expect(refusal(gate({ store: memoryKeys({ ...record, ...damage }) }), key)).toEqual(unauthorized);
    },
  );

  test.each(['', 'lk_', 'x', 'ключ', 'lk_'.padEnd(10_000, 'a')])('%j is unknown', (key) => {
    expect(refusal(gate({ store: memoryKeys(made().record), fixedKey }), key)).toEqual(unauthorized);
  });

  test('that shares the beginning of a known one is unknown', () => {
    const { key, record } = made();
    const last = key.endsWith('A') ? 'B' : 'A';
    expect(refusal(gate({ store: memoryKeys(record) }), key.slice(0, -1) + last)).toEqual(unauthorized);
  });
});

describe('without a key', () => {
  test('nobody is let in', () => {
    expect(refusal(gate({ fixedKey }), null)).toEqual(unauthorized);
  });

  test('the caller is local where that is allowed, and no administrator', () => {
    const keeper = gate({ allowAnonymous: true });
    expect(keeper.admit(null)).toEqual({ id: 'local', name: 'local', projects: null, isAdmin: false });
    expect(refusal(keeper, 'lk_wrong')).toEqual(unauthorized);
  });
});

test('the key of the configuration opens beside the others', () => {
  const { key, record } = made();
  const keeper = gate({ store: memoryKeys(record), fixedKey });
  expect(keeper.admit(fixedKey)).toMatchObject({ id: 'fixed', isAdmin: false });
  expect(keeper.admit(key)).toMatchObject({ id: record.id });
});

describe('limits', () => {
  test('a key makes so many requests a minute, then as many as it gains', () => {
    const { key, record } = made();
    const keeper = gate({ store: memoryKeys(record), requestsPerMinute: 30 });
    for (let request = 0; request < 30; request++) keeper.admit(key);
    expect(refusal(keeper, key)).toEqual({ code: 'rate_limited', retryAfterSeconds: 2 });
    now += 1999;
    expect(refusal(keeper, key)).toEqual({ code: 'rate_limited', retryAfterSeconds: 1 });
    now += 1;
    expect(keeper.admit(key).id).toBe(record.id);
    expect(refusal(keeper, key)).toMatchObject({ code: 'rate_limited' });
  });

  test('each key has its own, also when another one is made meanwhile', () => {
    const [one, other] = [made(), made()];
    const store = memoryKeys(one.record);
    const keeper = gate({ store, requestsPerMinute: 1 });
    keeper.admit(one.key);
    store.add(other.record);
    expect(keeper.admit(other.key).id).toBe(other.record.id);
    expect(refusal(keeper, one.key)).toMatchObject({ code: 'rate_limited' });
  });

  test('a clock that jumps back takes nothing away', () => {
    const { key, record } = made();
    const keeper = gate({ store: memoryKeys(record), requestsPerMinute: 2 });
    keeper.admit(key);
    now -= 3_600_000;
    expect(keeper.admit(key).id).toBe(record.id);
  });

  test('after sixty wrong keys in a minute no more are judged, and right ones still open', () => {
    const { key, record } = made();
    const keeper = gate({ store: memoryKeys(record), fixedKey });
    for (let guess = 0; guess < 60; guess++) expect(refusal(keeper, `guess-${guess}`)).toEqual(unauthorized);
    expect(refusal(keeper, 'guess-60')).toEqual({ code: 'rate_limited', retryAfterSeconds: 1 });
    expect(keeper.admit(key).id).toBe(record.id);
    expect(keeper.admit(fixedKey).id).toBe('fixed');
    now += 1000;
    expect(refusal(keeper, 'guess-61')).toEqual(unauthorized);
  });
});

test('admitting costs a few microseconds', () => {
  const keys = Array.from({ length: 100 }, () => made());
  const keeper = gate({ store: memoryKeys(...keys.map(({ record }) => record)), requestsPerMinute: 1_000_000 });
  const calls = 20_000;
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    const startedAt = performance.now();
    for (let call = 0; call < calls; call++) keeper.admit(keys[call % keys.length]?.key ?? null);
    best = Math.min(best, (performance.now() - startedAt) / calls);
  }
  // A few microseconds when idle; the bar leaves room for a busy machine.
  expect(best).toBeLessThan(0.05);
});

import { describe, expect, it } from 'vitest';
import { resolveEndpoint } from '../../../../src/model/allowed-host.ts';
import { SharedLookups } from '../../../../src/model/ollama/shared-lookups.ts';

const endpoint = resolveEndpoint('http://127.0.0.1:1', []);

function lookups(maxEntries = 10) {
  const clock = { now: 0 };
  let asked = 0;
  const pending: { resolve: (value: number) => void; reject: (error: Error) => void; signal: AbortSignal }[] = [];
  const shared = new SharedLookups<number>({ endpoint, now: () => clock.now, keepMs: 1_000, maxEntries });
  const load = (signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    pending.push({ resolve, reject, signal });
    return promise;
  };
  const count = async (): Promise<number> => (asked += 1);
  return { clock, pending, shared, load, count };
}

describe('a lookup that many share', () => {
  it('is made once at a time, kept for a while, then made anew', async () => {
    const { clock, shared, count } = lookups();
    expect(await Promise.all([shared.get('a', count), shared.get('a', count)])).toEqual([1, 1]);
    clock.now = 999;
    expect(await shared.get('a', count)).toBe(1);
    clock.now = 1_000;
    expect(await shared.get('a', count)).toBe(2);
    shared.clear();
    expect(await shared.get('a', count)).toBe(3);
  });

  it('fails for those that wait, and is not kept', async () => {
    const { pending, shared, load, count } = lookups();
    const both = [shared.get('a', load), shared.get('a', load)];
    pending[0]?.reject(new Error('no'));
    for (const one of both) await expect(one).rejects.toThrow('no');
    expect(await shared.get('a', count)).toBe(1);
  });

  it('goes on when one caller leaves, and is taken back when all have', async () => {
    const { pending, shared, load } = lookups();
    const [one, other] = [new AbortController(), new AbortController()];
    const answers = [shared.get('a', load, one.signal), shared.get('a', load, other.signal)];
    one.abort();
    await expect(answers[0]).rejects.toMatchObject({ code: 'aborted' });
    expect(pending[0]?.signal.aborted).toBe(false);
    other.abort();
    await expect(answers[1]).rejects.toMatchObject({ code: 'aborted' });
    expect(pending[0]?.signal.aborted).toBe(true);
    void shared.get('a', load);
    expect(pending).toHaveLength(2);
  });

  it('is never made for a caller that has left', async () => {
    const { pending, shared, load } = lookups();
    await expect(shared.get('a', load, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
    expect(pending).toEqual([]);
  });

  it('keeps what was used last', async () => {
    const { shared, count } = lookups(2);
    for (const key of ['a', 'b', 'a', 'c']) await shared.get(key, count);
    expect(await shared.get('a', count)).toBe(1);
    expect(await shared.get('b', count)).toBe(4);
  });
});

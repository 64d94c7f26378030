import { describe, expect, it } from 'vitest';
import { StoreUpkeep } from '../../../indexer/live/store-upkeep.ts';
import type { Catalogue } from '../../../src/core/catalogue.ts';
import { ServiceError } from '../../../src/core/errors.ts';
import { MemoryStore } from '../../../src/store/memory-store.ts';

/** Upkeep over a store that notes how it is asked, and fails while told to. */
function setUp() {
  const asked: string[] = [];
  const alarms = new Map<string, string | null>();
  const state = { now: 1_000_000, fails: false };
  const store = new MemoryStore();
  store.optimize = async (when = 'due') => {
    asked.push(when);
    if (state.fails) throw new ServiceError('store_failed', 'No room. Free some.');
  };
  const writer = { setAlarm: (name: string, message: string | null) => alarms.set(name, message) };
  const upkeep = new StoreUpkeep({ catalogue: { writer } as unknown as Catalogue, store }, () => new Date(state.now));
  return { asked, alarms, state, upkeep };
}

describe('StoreUpkeep', () => {
  it('optimizes what is due when all is quiet', async () => {
    const { asked, upkeep } = setUp();
    await upkeep.optimize();
    expect(asked).toEqual(['due']);
    expect(upkeep.isDue).toBe(false);
  });

  it('leaves all but what is overdue for later while files change', async () => {
    const { asked, state, upkeep } = setUp();
    upkeep.busy();
    state.now += 100;
    await upkeep.optimize();
    expect(upkeep.isDue).toBe(true);
    state.now += 10_000;
    await upkeep.optimize();
    expect(asked).toEqual(['overdue', 'due']);
    expect(upkeep.isDue).toBe(false);
  });

  it('raises an alarm when it fails, tries again after a while, and takes it back', async () => {
    const { asked, alarms, state, upkeep } = setUp();
    state.fails = true;
    await upkeep.optimize();
    expect([...alarms]).toEqual([['optimize', 'No room. Free some.']]);
    await upkeep.optimize();
    expect(asked).toHaveLength(1);
    expect(upkeep.isDue).toBe(false);
    state.fails = false;
    state.now += 11 * 60_000;
    expect(upkeep.isDue).toBe(true);
    await upkeep.optimize();
    expect([...alarms]).toEqual([['optimize', null]]);
  });
});

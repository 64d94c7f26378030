import { afterEach, describe, expect, test } from 'vitest';
import { ServiceError } from '../../../src/core/errors.ts';
import { settled } from '../../support/hand-clock.ts';
import { KeeperBench } from '../../support/keeper-bench.ts';

const minute = 60_000;
const full = new ServiceError('store_failed', 'The disk is full. Free some space.');

describe('keeping one project current', () => {
  let bench: KeeperBench;
  const started = async (): Promise<KeeperBench> => (bench = await new KeeperBench().started());
  afterEach(async () => bench.keeper.close());

  test('starts with a comparison, and looks at changed files as they are told', async () => {
    bench = new KeeperBench();
    bench.keeper.start();
    await settled();
    expect(bench.news()).toEqual(['reconcile']);
    bench.listener.onPaths(['a.ts', 'b.ts']);
    await settled();
    expect(bench.news()).toEqual(['refresh a.ts b.ts']);
    expect(bench.keeper.state()).toMatchObject({ pid: 7, pendingFiles: 0, pendingSince: null, problem: null });
  });

  test('what changes while files are looked at is looked at again, and counts as pending until then', async () => {
    await started();
    const gate = Promise.withResolvers<void>();
    bench.gates.refresh = gate.promise;
    bench.listener.onPaths(['a.ts']);
    await bench.clock.pass(100);
    bench.listener.onPaths(['a.ts', 'b.ts']);
    expect(bench.keeper.state()).toMatchObject({ pendingFiles: 2, pendingSince: '2026-03-01T12:00:00.000Z' });
    gate.resolve();
    await settled();
    expect(bench.news()).toEqual(['refresh a.ts', 'refresh a.ts b.ts']);
    expect(bench.keeper.state().pendingFiles).toBe(0);
  });

  test('a doubt is a comparison once all is calm, and not later than after five seconds', async () => {
    await started();
    bench.listener.onDoubt('git');
    expect(bench.keeper.state()).toMatchObject({ pendingFiles: 0, pendingSince: '2026-03-01T12:00:00.000Z' });
    await bench.clock.pass(999);
    expect(bench.news()).toEqual([]);
    await bench.clock.pass(1);
    expect(bench.news()).toEqual(['reconcile']);
    expect(bench.keeper.state().pendingSince).toBeNull();
    for (let i = 0; i < 12; i++) {
      bench.listener.onDoubt('flood');
      await bench.clock.pass(500);
    }
    expect(bench.news().filter((what) => what === 'reconcile')).toHaveLength(1);
  });

  test('all files are compared from time to time, by their contents once a day', async () => {
    await started();
    await bench.clock.pass(2 * minute - 1);
    expect(bench.news()).toEqual([]);
    await bench.clock.pass(1);
    expect(bench.news()).toEqual(['reconcile']);
    await bench.clock.pass(25 * 60 * minute);
    expect(bench.news().filter((what) => what === 'hash')).toHaveLength(2);
  });

  test('a comparison that takes long is made more seldom', async () => {
    bench = new KeeperBench();
    const gate = Promise.withResolvers<void>();
    bench.gates.reconcile = gate.promise;
    bench.keeper.start();
    await bench.clock.pass(minute);
    gate.resolve();
    await settled();
    bench.news();
    await bench.clock.pass(20 * minute - 1);
    expect(bench.news()).toEqual([]);
    await bench.clock.pass(1);
    expect(bench.news()).toEqual(['reconcile']);
  });

  test('after a failure files stay pending, and are tried again later each time until it heals', async () => {
    await started();
    bench.failure = full;
    bench.listener.onPaths(['a.ts']);
    await settled();
    expect(bench.keeper.state()).toMatchObject({ pendingFiles: 1, problem: full.message });
    await bench.clock.pass(7_000);
    expect(bench.news()).toEqual(Array(4).fill('refresh a.ts'));
    await bench.clock.pass(10 * minute);
    bench.news();
    bench.failure = null;
    await bench.clock.pass(minute);
    expect(bench.news()).toContain('refresh a.ts');
    expect(bench.keeper.state()).toMatchObject({ pendingFiles: 0, pendingSince: null, problem: null });
  });

  test('a comparison that fails leaves a doubt, and is tried again', async () => {
    await started();
    await bench.clock.pass(2 * minute - 1);
    bench.failure = full;
    await bench.clock.pass(1);
    expect(bench.keeper.state()).toMatchObject({ pendingSince: '2026-03-01T12:02:00.000Z', problem: full.message });
    bench.failure = null;
    await bench.clock.pass(1_000);
    expect(bench.news()).toEqual(['reconcile', 'reconcile']);
    expect(bench.keeper.state()).toMatchObject({ pendingSince: null, problem: null });
  });

  test('a request is answered by a comparison that began after it', async () => {
    await started();
    const gate = Promise.withResolvers<void>();
    bench.gates.reconcile = gate.promise;
    const first = bench.keeper.bringUpToDate();
    await settled();
    bench.report = { changed: 3 };
    const second = bench.keeper.bringUpToDate();
    const third = bench.keeper.bringUpToDate();
    gate.resolve();
    await first;
    expect(await second).toMatchObject({ changed: 3 });
    expect(await third).toMatchObject({ changed: 3 });
    expect(bench.news()).toEqual(['reconcile', 'reconcile']);
  });

  test('a request does not wait for the next try after a failure, and is told of its own', async () => {
    await started();
    bench.failure = full;
    bench.listener.onPaths(['a.ts']);
    await bench.clock.pass(40_000);
    bench.news();
    await expect(bench.keeper.bringUpToDate()).rejects.toBe(full);
    bench.failure = null;
    await bench.keeper.bringUpToDate();
    await settled();
    expect(bench.news()).toEqual(['reconcile', 'reconcile', 'refresh a.ts']);
  });

  test('changed files do not wait for a comparison that takes long', async () => {
    await started();
    bench.gates.reconcile = new Promise(() => undefined);
    void bench.keeper.bringUpToDate().catch(() => undefined);
    bench.listener.onPaths(['a.ts']);
    await settled();
    expect(bench.news()).toEqual(['reconcile', 'refresh a.ts']);
    expect(bench.keeper.state().pendingFiles).toBe(0);
    bench.gates.reconcile = Promise.resolve();
    bench = await new KeeperBench().started();
  });

  test('under changes that never end all files are compared all the same', async () => {
    await started();
    bench.listener.onDoubt('flood');
    for (let i = 0; i < 60; i++) {
      bench.listener.onPaths([`${i}.ts`]);
      bench.listener.onDoubt('flood');
      await bench.clock.pass(100);
    }
    expect(bench.news()).toContain('reconcile');
  });

  test('the store is tidied at rest, or when much waits', async () => {
    await started();
    for (let i = 0; i < 5; i++) {
      bench.listener.onPaths(['a.ts']);
      await bench.clock.pass(1_000);
    }
    expect(bench.news()).not.toContain('tidy');
    await bench.clock.pass(1_000);
    expect(bench.news()).toEqual(['tidy']);
    await bench.clock.pass(minute);
    expect(bench.news()).toEqual([]);
    bench.due = 'now';
    bench.listener.onPaths(['a.ts']);
    await settled();
    expect(bench.news()).toEqual(['refresh a.ts', 'tidy']);
  });

  test('what a tidying leaves is not taken up again at once', async () => {
    await started();
    bench.left = 'when_idle';
    bench.listener.onPaths(['a.ts']);
    await bench.clock.pass(minute);
    expect(bench.news()).toEqual(['refresh a.ts', 'tidy']);
  });

  test('a store that cannot be tidied is told, stops nothing, and is tried again', async () => {
    await started();
    bench.tidyFailure = full;
    bench.listener.onPaths(['a.ts']);
    await bench.clock.pass(2_000);
    expect(bench.keeper.state().problem).toBe(full.message);
    bench.listener.onPaths(['b.ts']);
    await settled();
    expect(bench.news()).toContain('refresh b.ts');
    bench.tidyFailure = null;
    await bench.clock.pass(minute);
    expect(bench.keeper.state().problem).toBeNull();
  });

  test('too many changed files become a comparison', async () => {
    await started();
    const gate = Promise.withResolvers<void>();
    bench.gates.refresh = gate.promise;
    for (let i = 0; i < 7; i++) bench.listener.onPaths(Array.from({ length: 2_000 }, (_, n) => `${i}-${n}.ts`));
    gate.resolve();
    await bench.clock.pass(1_000);
    expect(bench.news()).toContain('reconcile');
    expect(bench.keeper.state()).toMatchObject({ pendingFiles: 0, pendingSince: null });
  });

  test('what changed before the watcher was ready is found', async () => {
    bench = new KeeperBench();
    const gate = Promise.withResolvers<void>();
    bench.watchGate = gate.promise;
    bench.keeper.start();
    await bench.clock.pass(999);
    expect(bench.news()).toEqual([]);
    await bench.clock.pass(1);
    expect(bench.news()).toEqual(['reconcile']);
    gate.resolve();
    await bench.clock.pass(1_000);
    expect(bench.news()).toEqual(['reconcile']);
  });

  test('without a watcher it says so and goes on by comparing', async () => {
    bench = new KeeperBench();
    bench.watchFailure = new ServiceError('source_unreadable', 'It cannot be watched.');
    bench.keeper.start();
    await settled();
    expect(bench.keeper.state()).toMatchObject({ mode: 'reconcile_only', reason: 'It cannot be watched.' });
    await bench.clock.pass(2 * minute);
    expect(bench.news()).toEqual(['reconcile', 'reconcile']);
  });

  test('closing waits for what runs, refuses requests and does nothing more', async () => {
    await started();
    const gate = Promise.withResolvers<void>();
    bench.gates = { reconcile: gate.promise, refresh: gate.promise };
    bench.listener.onPaths(['a.ts']);
    const running = bench.keeper.bringUpToDate();
    const request = bench.keeper.bringUpToDate();
    let isClosed = false;
    const closing = bench.keeper.close().then(() => (isClosed = true));
    await expect(request).rejects.toMatchObject({ code: 'aborted' });
    await settled();
    expect(isClosed).toBe(false);
    gate.resolve();
    await closing;
    await running;
    bench.listener.onPaths(['b.ts']);
    await expect(bench.keeper.bringUpToDate()).rejects.toMatchObject({ code: 'aborted' });
    await bench.clock.pass(10 * minute);
    expect(bench.news()).toEqual(['refresh a.ts', 'reconcile']);
    expect(bench.closedWatches).toBe(1);
  });

  test('a state is told when it changes, and only then', async () => {
    await started();
    const told = bench.states.length;
    await bench.clock.pass(minute);
    expect(bench.states).toHaveLength(told);
    bench.listener.onMode('reconcile_only', 'The folder is on a network.');
    expect(bench.states.at(-1)).toMatchObject({ mode: 'reconcile_only', reason: 'The folder is on a network.' });
    expect(bench.states).toHaveLength(told + 1);
  });
});

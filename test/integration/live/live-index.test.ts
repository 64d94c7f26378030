import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IndexOptions } from '../../../indexer/run/index-parts.ts';
import type { StoreBatch } from '../../../src/core/vector-store.ts';
import { LiveHarness, SharedParsers } from '../../support/live-harness.ts';

const parsers = new SharedParsers();
afterAll(() => parsers.close());

let harness: LiveHarness;
const open = (options: Partial<IndexOptions>): void => {
  harness = LiveHarness.create(options);
};
beforeEach(() => open({ parsers }));
afterEach(() => harness.close());

const python = (name: string): string => `def ${name}():\n    return 1\n`;
const reasons = () => harness.index.catalogue.reader.skipped().map(({ path, reason }) => `${path} ${reason}`);

/** Holds up a call of the store, once. */
function holdStore(method: 'write' | 'optimize') {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const { store } = harness.index;
  const held = async (): Promise<void> => {
    // What stands in goes, and the method of the class is there again.
    Reflect.deleteProperty(store, method);
    reached.resolve();
    await opened.promise;
  };
  if (method === 'write') store.write = (batch: StoreBatch) => held().then(() => store.write(batch));
  else store.optimize = (when) => held().then(() => store.optimize(when));
  return { reached: reached.promise, open: opened.resolve };
}

describe('refresh beside other work', () => {
  it('waits for no write to the store; what is recorded anew meanwhile is not lost', async () => {
    harness.write({ 'a.py': python('first'), 'b.py': python('b') });
    await harness.live.reconcile();
    const write = holdStore('write');
    const tidied = harness.live.tidy();
    await write.reached;
    harness.write({ 'a.py': python('second') });
    rmSync(harness.at('b.py'));
    await harness.live.refresh(['a.py', 'b.py']);
    expect(await harness.text('a.py')).toBe(python('second'));
    write.open();
    await tidied;
    expect(await harness.text('a.py')).toBe(python('second'));
    const a = harness.index.catalogue.reader.file('a.py');
    expect(await harness.index.store.inventory()).toEqual([{ file: a?.file, generation: 2, rows: 1 }]);
  });

  it('waits for no optimization', async () => {
    harness.write({ 'a.py': python('first') });
    await harness.live.reconcile();
    const optimize = holdStore('optimize');
    const tidied = harness.live.tidy();
    await optimize.reached;
    harness.write({ 'a.py': python('second') });
    expect(await harness.live.refresh(['a.py'])).toMatchObject({ changed: 1 });
    optimize.open();
    await tidied;
  });

  it('knows better than a comparison that has looked before', async () => {
    harness.write({ 'a.py': python('first'), 'b.py': python('b'), 'gone.py': python('gone') });
    await harness.live.reconcile();
    harness.write({ 'a.py': python('older'), 'b.py': python('b2') });
    rmSync(harness.at('gone.py'));
    const gate = parsers.hold('a.py');
    const whole = harness.live.reconcile();
    await gate.reached;
    harness.write({ 'a.py': python('newer'), 'gone.py': python('back'), 'new.py': python('new'), '.env': 'A=1' });
    await harness.live.refresh(['a.py', 'gone.py', 'new.py', '.env']);
    expect(await harness.text('a.py')).toBe(python('newer'));
    gate.open();
    await whole;
    expect(await harness.text('a.py')).toBe(python('newer'));
    expect(await harness.text('b.py')).toBe(python('b2'));
    expect(harness.served()).toEqual(['a.py', 'b.py', 'gone.py', 'new.py']);
    expect(reasons()).toEqual(['.env secret']);
  });

  it('that began before a comparison is recorded before it', async () => {
    harness.write({ 'a.py': python('older') });
    const gate = parsers.hold('a.py', true);
    const refreshed = harness.live.refresh(['a.py']);
    await gate.reached;
    harness.write({ 'a.py': python('newer') });
    const whole = harness.live.reconcile();
    // Time enough for a comparison that waits for nobody.
    for (let turns = 0; turns < 2000; turns++) await new Promise(setImmediate);
    gate.open();
    await Promise.all([refreshed, whole]);
    expect(await harness.text('a.py')).toBe(python('newer'));
  });

  it('ends up with what the comparison saw, if that was the last look', async () => {
    harness.write({ 'a.py': python('first') });
    await harness.live.reconcile();
    harness.write({ 'a.py': python('second') });
    const gate = parsers.hold('a.py');
    const whole = harness.live.reconcile();
    await gate.reached;
    await harness.live.refresh(['a.py']);
    // Nobody tells of this one.
    harness.write({ 'a.py': python('third') });
    gate.open();
    await whole;
    expect(await harness.text('a.py')).toBe(python('third'));
  });
});

describe('reconcile', () => {
  it('compares contents when asked to', async () => {
    harness.write({ 'a.py': python('before') }, true);
    await harness.live.reconcile();
    writeFileSync(harness.at('a.py'), python('after_'));
    utimesSync(harness.at('a.py'), 1_000_000_000, 1_000_000_000);
    expect(await harness.live.reconcile()).toMatchObject({ changed: 0, unchanged: 1 });
    expect(await harness.live.reconcile({ byHash: true })).toMatchObject({ changed: 1 });
    expect(readFileSync(harness.at('a.py'), 'utf8')).toBe(await harness.text('a.py'));
  });

  it('tells when it was stopped, and removes nothing', async () => {
    harness.write({ 'a.py': python('a') });
    await harness.live.reconcile();
    rmSync(harness.at('a.py'));
    expect(await harness.live.reconcile({ signal: AbortSignal.abort() })).toMatchObject({ aborted: true, removed: 0 });
    expect(await harness.live.reconcile()).toMatchObject({ aborted: false, removed: 1 });
  });
});

describe('tidy', () => {
  it('asks to be called at once when much is pending', async () => {
    mkdirSync(harness.at('many'));
    const many = Array.from({ length: 1000 }, (_, at) => [`many/f${at}.txt`, `word ${at}\n`]);
    harness.write(Object.fromEntries(many));
    await harness.live.refresh(['many']);
    expect(harness.live.due).toBe('now');
    await harness.live.tidy();
    expect(harness.live.due).not.toBe('now');
  });

  it('goes on when an optimization fails, and says so in the catalogue', async () => {
    harness.write({ 'a.py': python('a') });
    await harness.live.reconcile();
    const { store } = harness.index;
    store.optimize = () => Promise.reject(new Error('no room'));
    await harness.live.tidy();
    expect(harness.index.catalogue.reader.alarms()).toEqual([
      { name: 'optimize', message: expect.stringContaining('no room') },
    ]);
    Reflect.deleteProperty(store, 'optimize');
    expect(await harness.live.refresh(['a.py'])).toMatchObject({ unchanged: 1 });
  });
});

describe('parser threads', () => {
  it('end after idle time and start again with the next file', async () => {
    await harness.close();
    open({ threads: 1, parserIdleMs: 1 });
    harness.write({ 'a.py': python('a') });
    await harness.live.refresh(['a.py']);
    await expect.poll(() => harness.live.parserThreads).toBe(0);
    harness.write({ 'a.py': python('b') });
    expect(await harness.live.refresh(['a.py'])).toMatchObject({ changed: 1 });
  });
});

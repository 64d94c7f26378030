import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WatchKeeper } from '../../../src/service/serving/watch-keeper.ts';
import { lockForWriting } from '../../../src/store/writer-lock.ts';
import { createSandbox, lorekeepCommand } from '../../support/cli-process.ts';
import type { Sandbox } from '../../support/cli-process.ts';

const poll = { interval: 10, timeout: 50_000 };

describe('keeping the projects of a service current', () => {
  let sandbox: Sandbox;
  let keepers: WatchKeeper[];
  beforeEach(() => {
    sandbox = createSandbox();
    keepers = [];
  });
  afterEach(async () => {
    await Promise.all(keepers.map((keeper) => keeper.close()));
    sandbox.remove();
  });

  const keep = (names: readonly string[], entry = lorekeepCommand): WatchKeeper => {
    const keeper = new WatchKeeper({
      projects: names.map((name) => ({ name, root: join(sandbox.home, 'code', name), isIndexed: false })),
      entry,
      flags: { dataFolder: sandbox.dataFolder, embedder: 'none' },
      now: () => performance.now(),
    });
    keepers.push(keeper);
    keeper.start();
    return keeper;
  };
  const isReady = (keeper: WatchKeeper, name: string): Promise<void> =>
    expect.poll(() => keeper.state(name), poll).toMatchObject({ state: 'ready', live: { mode: 'events' } });
  const find = async (name: string, word: string): Promise<string[]> => {
    const folder = join(sandbox.home, 'code', name);
    const { hits } = await sandbox.json<{ hits: { path: string; text: string }[] }>(folder, 'search', word);
    return hits.filter(({ text }) => text.includes(word)).map(({ path }) => path);
  };

  test('one process of low priority makes the indexes of all, and keeps them current; started again when it dies', async () => {
    const shop = sandbox.copyProject('shop');
    sandbox.copyProject('shop', 'other');
    const keeper = keep(['shop', 'other']);
    expect(keeper.state('shop')).toEqual({ state: 'indexing', progress: null, problem: null, live: null });
    await isReady(keeper, 'shop');
    await isReady(keeper, 'other');
    const { pid } = keeper.state('shop').live!;
    expect(keeper.state('other').live?.pid).toBe(pid);
    expect(nicenessOf(pid)).toBe(10);
    process.kill(pid, 'SIGKILL');
    await expect
      .poll(() => keeper.state('shop'), poll)
      .toMatchObject({
        state: 'failed',
        problem: expect.stringContaining('has ended (signal SIGKILL.'),
      });
    writeFileSync(join(shop, 'zebra.ts'), 'export function crossTheZebra(): void {}\n');
    await isReady(keeper, 'shop');
    expect(keeper.state('shop').live?.pid).not.toBe(pid);
    expect(await find('shop', 'crossTheZebra')).toEqual(['zebra.ts']);
  });

  test('what cannot be opened is told with its reason, and the others go on', async () => {
    sandbox.copyProject('shop');
    const keeper = keep(['shop']);
    await isReady(keeper, 'shop');
    expect(keeper.state('unknown')).toMatchObject({ state: 'ready', live: null });
  });

  test('an index that another process writes is waited for', async () => {
    const shop = sandbox.copyProject('shop');
    await sandbox.json(shop, 'index', '--embedder', 'none');
    const { indexFolder } = await sandbox.json<{ indexFolder: string }>(shop, 'status');
    const lock = lockForWriting(indexFolder);
    const keeper = keep(['shop']);
    await expect.poll(() => keeper.state('shop'), poll).toMatchObject({ state: 'ready', live: null });
    lock.release();
    await isReady(keeper, 'shop');
  });

  test('a program that cannot start is told with its last words', async () => {
    sandbox.copyProject('shop');
    const entry = join(sandbox.home, 'broken.mjs');
    writeFileSync(entry, `process.stderr.write('Out of luck.\\n'); process.kill(process.pid, 'SIGKILL');`);
    const keeper = keep(['shop'], entry);
    await expect
      .poll(() => keeper.state('shop'), poll)
      .toMatchObject({
        state: 'failed',
        problem: expect.stringContaining('(signal SIGKILL. Out of luck.)'),
      });
  });
});

function nicenessOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[16]);
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runIndexChild } from '../../../src/service/serving/index-child.ts';
import { ProcessKeeper, type ProcessKeeperOptions } from '../../../src/service/serving/process-keeper.ts';
import { lockForWriting } from '../../../src/store/writer-lock.ts';
import type { RunProgress } from '../../../src/verbs/reports.ts';
import { createSandbox, lorekeepCommand } from '../../support/cli-process.ts';
import type { Sandbox } from '../../support/cli-process.ts';

const never = new AbortController().signal;

describe('keeping projects up to date', () => {
  let sandbox: Sandbox;
  let keepers: ProcessKeeper[];
  let changes: string[];
  let onNews: () => void;
  beforeEach(() => {
    sandbox = createSandbox();
    keepers = [];
    changes = [];
    onNews = () => {};
  });
  afterEach(async () => {
    await Promise.all(keepers.map((keeper) => keeper.close()));
    sandbox.remove();
  });

  const keep = (names: readonly string[], options: Partial<ProcessKeeperOptions> = {}): ProcessKeeper => {
    const keeper = new ProcessKeeper({
      projects: names.map((name) => ({ name, root: join(sandbox.home, 'code', name), isIndexed: false })),
      entry: lorekeepCommand,
      flags: { dataFolder: sandbox.dataFolder },
      reconcileSeconds: 3_600,
      now: () => performance.now(),
      onChanged: (name) => {
        changes.push(name);
        onNews();
      },
      ...options,
    });
    keepers.push(keeper);
    return keeper;
  };
  /** Resolves when so many changes have been told. */
  const changed = (count: number): Promise<void> =>
    new Promise((resolve) => {
      onNews = () => {
        if (changes.length >= count) resolve();
      };
      onNews();
    });
  const searched = async (name: string, word: string): Promise<number> =>
    (await sandbox.json<{ hits: unknown[] }>(join(sandbox.home, 'code', name), 'search', word)).hits.length;

  test('what is not indexed is indexed, one after the other, and changes are found without being asked', async () => {
    const shop = sandbox.copyProject('shop');
    sandbox.copyProject('shop', 'other');
    const keeper = keep(['shop', 'other'], { reconcileSeconds: 1 });
    expect(keeper.state('shop')).toEqual({ state: 'indexing', progress: null, problem: null });
    keeper.start();
    await changed(2);
    expect(changes).toEqual(['shop', 'other']);
    writeFileSync(join(shop, 'zebra.ts'), 'export function crossTheZebra() {}\n');
    await changed(3);
    expect(changes).toEqual(['shop', 'other', 'shop']);
    expect(keeper.state('shop')).toEqual({ state: 'ready', progress: null, problem: null });
    expect(await searched('shop', 'crossTheZebra')).toBeGreaterThan(0);
  });

  test('a run is asked for, also while one is under way', async () => {
    const shop = sandbox.copyProject('shop');
    const keeper = keep(['shop']);
    keeper.start();
    await changed(1);
    writeFileSync(join(shop, 'one.ts'), 'export const one = 1;\n');
    keeper.reindex('shop');
    await expect.poll(() => keeper.state('shop').state, { interval: 2 }).toBe('indexing');
    keeper.reindex('shop');
    await changed(2);
    await expect.poll(() => keeper.state('shop').state, { interval: 2 }).toBe('indexing');
  });

  test('what fails is told with its reason, and the others go on', async () => {
    sandbox.copyProject('shop');
    const keeper = keep(['gone', 'shop']);
    keeper.start();
    await changed(1);
    expect(changes).toEqual(['shop']);
    expect(keeper.state('gone')).toEqual({
      state: 'failed',
      progress: null,
      problem: expect.stringContaining('is not a folder that can be read'),
    });
  });

  test('an index that another process writes is no failure; it is looked at again', async () => {
    const shop = sandbox.copyProject('shop');
    const { indexFolder } = await indexed(sandbox, shop);
    const lock = lockForWriting(indexFolder);
    const projects = [{ name: 'shop', root: shop, isIndexed: true }];
    const keeper = keep([], { projects, reconcileSeconds: 1 });
    writeFileSync(join(shop, 'zebra.ts'), 'export function crossTheZebra() {}\n');
    keeper.start();
    expect(keeper.state('shop').state).toBe('indexing');
    await expect
      .poll(() => keeper.state('shop'), { interval: 5, timeout: 50_000 })
      .toEqual({
        state: 'ready',
        progress: null,
        problem: null,
      });
    expect(changes).toEqual([]);
    lock.release();
    await changed(1);
  });

  test('closing stops a run in order, soon; the next start goes on', async () => {
    manyFiles(sandbox, 400);
    const keeper = keep(['large']);
    keeper.start();
    await expect.poll(() => keeper.state('large').progress ?? 0, { interval: 2, timeout: 30_000 }).toBeGreaterThan(0);
    await keeper.close();
    expect(changes).toEqual([]);
    expect(keeper.state('large').state).toBe('indexing');
    const next = keep(['large']);
    next.start();
    await changed(1);
    expect(await searched('large', 'compute399')).toBeGreaterThan(0);
  });

  test('progress comes from the process, which runs with low priority', async () => {
    const folder = manyFiles(sandbox, 400);
    const seen: RunProgress[] = [];
    const niceness: number[] = [];
    const request = {
      entry: lorekeepCommand,
      folder,
      flags: { dataFolder: sandbox.dataFolder },
      onProgress: (progress: RunProgress) => {
        seen.push(progress);
        niceness.push(...childNiceness());
      },
    };
    expect(await runIndexChild(request, never)).toMatchObject({ files: 400, added: 400 });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)?.fraction).toBe(1);
    expect(seen.map(({ fraction }) => fraction)).toEqual(
      seen.map(({ fraction }) => fraction).toSorted((a, b) => a - b),
    );
    expect(Math.max(...niceness)).toBe(10);
  });

  test('a process that ends without a word is an error that says how it ended', async () => {
    const entry = join(sandbox.home, 'broken.mjs');
    writeFileSync(entry, `process.stderr.write('Out of luck.\\n'); process.kill(process.pid, 'SIGKILL');`);
    const request = { entry, folder: sandbox.home, flags: {}, onProgress: () => {} };
    await expect(runIndexChild(request, never)).rejects.toMatchObject({
      code: 'internal',
      message: 'Indexing ended unexpectedly (signal SIGKILL). Out of luck.',
    });
  });

  test('options are handed on', async () => {
    const shop = sandbox.copyProject('shop');
    const flags = { dataFolder: sandbox.dataFolder, embedder: 'none', allowedHosts: ['a', 'b'], model: 'unused' };
    const summary = await runIndexChild({ entry: lorekeepCommand, folder: shop, flags, onProgress: () => {} }, never);
    expect(summary.embedder).toBeNull();
  });
});

async function indexed(sandbox: Sandbox, folder: string): Promise<{ indexFolder: string }> {
  await sandbox.json(folder, 'index');
  return sandbox.json(folder, 'status');
}

function manyFiles(sandbox: Sandbox, count: number): string {
  const folder = join(sandbox.home, 'code', 'large');
  mkdirSync(folder, { recursive: true });
  for (let file = 0; file < count; file++) {
    const functions = Array.from(
      { length: 30 },
      (_, i) => `export function compute${file}x${i}() {\n  return ${i};\n}\n`,
    );
    writeFileSync(join(folder, `compute${file}.ts`), functions.join('\n'));
  }
  return folder;
}

/** Niceness of this process's children. */
function childNiceness(): number[] {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return children.map((pid) => Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[16]));
}

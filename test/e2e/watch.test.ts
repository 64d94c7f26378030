import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LiveState } from '../../src/core/live.ts';
import { createSandbox } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';
import { startWatch } from '../support/watch-process.ts';

interface Status {
  readonly indexFolder: string;
  readonly live: LiveState | null;
}

describe('lorekeep watch', () => {
  let sandbox: Sandbox;
  let folder: string;
  beforeEach(() => {
    sandbox = createSandbox();
    folder = sandbox.copyProject('parcel-desk');
  });
  afterEach(() => sandbox.remove());

  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  const found = async (word: string, ...words: string[]): Promise<{ paths: string[]; notices: string[] }> => {
    const report = await sandbox.json<{ hits: { path: string; text: string }[]; notices: string[] }>(
      folder,
      'search',
      word,
      ...words,
    );
    const paths = report.hits.filter(({ text }) => text.includes(word)).map(({ path }) => path);
    return { paths, notices: report.notices };
  };
  const status = (): Promise<Status> => sandbox.json<Status>(folder, 'status');

  test('what is saved, renamed and deleted is found as it is, without anybody indexing', async () => {
    await using watch = startWatch(sandbox, folder);
    expect(await watch.compared()).toMatchObject({ project: 'parcel-desk', added: 23 });
    write('zebra.ts', 'export function crossTheZebra(): void {}\n');
    expect(await watch.changed('zebra.ts')).toMatchObject({ added: 1 });
    expect((await found('crossTheZebra')).paths).toEqual(['zebra.ts']);
    write('zebra.ts', 'export function feedTheGiraffe(): void {}\n');
    await watch.changed('zebra.ts');
    expect((await found('feedTheGiraffe')).paths).toEqual(['zebra.ts']);
    expect((await found('crossTheZebra')).paths).toEqual([]);
    rmSync(join(folder, 'zebra.ts'));
    await watch.changed('zebra.ts');
    expect((await found('feedTheGiraffe')).paths).toEqual([]);
    expect((await status()).live).toMatchObject({ pid: watch.process.pid, mode: 'events', pendingFiles: 0 });
    expect(await watch.end('SIGTERM')).toBe(0);
    expect((await status()).live).toBeNull();
  });

  test('killed, it finds what changed meanwhile when it is started again', async () => {
    await using watch = startWatch(sandbox, folder);
    await watch.compared();
    await watch.end('SIGKILL');
    expect((await status()).live).toBeNull();
    write('zebra.ts', 'export function crossTheZebra(): void {}\n');
    rmSync(join(folder, 'pricing', 'tariff.py'));
    await using next = startWatch(sandbox, folder);
    expect(await next.compared()).toMatchObject({ added: 1, removed: 1 });
    expect((await found('crossTheZebra')).paths).toEqual(['zebra.ts']);
    expect((await found('chargeable_weight')).paths).not.toContain('pricing/tariff.py');
  });

  test('a second one is refused within a second; rebuilding and removing, too', async () => {
    await using watch = startWatch(sandbox, folder);
    await watch.compared();
    const { pid } = watch.process;
    const message = expect.stringContaining(`Process ${pid} (lorekeep watch) keeps this index current.`);
    const timed = async <Result>(work: () => Promise<Result>) => {
      const startedAt = performance.now();
      return { outcome: await work(), elapsedMs: performance.now() - startedAt };
    };
    // What starting a process takes on a machine that may be busy.
    const { elapsedMs: usual } = await timed(status);
    for (const words of [['watch'], ['index', '--rebuild'], ['remove', 'parcel-desk']]) {
      const { outcome, elapsedMs } = await timed(() => sandbox.run(folder, ...words, '--json'));
      const { status: code, stdout } = outcome;
      expect(elapsedMs).toBeLessThan(1_000 + 3 * usual);
      expect(code).toBe(4);
      expect(JSON.parse(stdout)).toEqual({ error: { code: 'index_busy', message } });
    }
  });

  test('a second index has the first process do it, and prints its report', async () => {
    await using watch = startWatch(sandbox, folder);
    await watch.compared();
    const summary = await sandbox.json<object>(folder, 'index');
    expect(summary).toMatchObject({ project: 'parcel-desk', files: 23, embedder: 'builtin', aborted: false });
    const { indexFolder } = await status();
    expect(readdirSync(join(indexFolder, 'requests'))).toEqual([]);
    expect(statSync(join(indexFolder, 'requests')).mode & 0o777).toBe(0o700);
    const other = await sandbox.run(folder, 'index', '--embedder', 'none', '--json');
    expect(JSON.parse(other.stdout)).toMatchObject({
      error: { code: 'index_busy', message: expect.stringContaining('It was made with builtin') },
    });
  });

  test('--current finds what has just changed, through the process that watches and without one', async () => {
    write('.lorekeepignore', 'hidden.ts\n');
    write('hidden.ts', 'export function hideTheOkapi(): void {}\n');
    {
      await using watch = startWatch(sandbox, folder);
      await watch.compared();
      write('zebra.ts', 'export function crossTheZebra(): void {}\n');
      expect((await found('crossTheZebra', '--current')).paths).toEqual(['zebra.ts']);
      expect((await found('hideTheOkapi', '--current')).paths).toEqual([]);
    }
    rmSync(join(folder, '.lorekeepignore'));
    expect(await found('hideTheOkapi', '--current-seconds', '60')).toEqual({ paths: ['hidden.ts'], notices: [] });
  });

  test('--current says what waits when the time is over', async () => {
    await using watch = startWatch(sandbox, folder);
    await watch.compared();
    watch.process.kill('SIGSTOP');
    try {
      const { notices } = await found('chargeable_weight', '--current-seconds', '1');
      expect(notices[0]).toMatch(/^The index of parcel-desk was not brought up to date within 1 s\./);
    } finally {
      watch.process.kill('SIGCONT');
    }
  });

  test('says in plain words what it does', async () => {
    const child = sandbox.start(folder, ['watch']);
    let text = '';
    const told = Promise.withResolvers<void>();
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      const wasWatching = text.includes('watching');
      text += piece;
      if (!wasWatching && text.includes('watching')) write('zebra.ts', 'export function crossTheZebra(): void {}\n');
      if (text.includes('1 new')) told.resolve();
    });
    await told.promise;
    child.kill('SIGINT');
    expect(text).toMatch(/^parcel-desk: compared 23 files in [\d.]+ m?s: 23 new$/m);
    expect(text).toMatch(/^parcel-desk: watching 23 files$/m);
    expect(text).toMatch(/^parcel-desk: (zebra\.ts|compared 24 files in [\d.]+ m?s): 1 new/m);
  });
});

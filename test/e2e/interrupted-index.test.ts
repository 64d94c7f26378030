import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openIndex } from '../../src/store/index-folder.ts';
import { createSandbox, outcomeOf } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';
import { largeFile, writeLargeProject } from '../support/large-project.ts';

const fileCount = 150;
const preload = `--import=${join(import.meta.dirname, '..', 'support', 'signal-at.ts')}`;

interface Status {
  readonly indexFolder: string;
  readonly [field: string]: unknown;
}
type Content = Awaited<ReturnType<typeof contentOf>>;

let sandbox: Sandbox;
let folder: string;
let fresh: Content;
let dataFolders = 0;

beforeAll(async () => {
  sandbox = createSandbox();
  folder = join(sandbox.home, 'code', 'large');
  writeLargeProject(folder, fileCount);
  fresh = await freshContent();
}, 120_000);
afterAll(() => sandbox.remove());

/** Names a data folder that holds no index yet. */
const emptyData = (): string => join(sandbox.home, `data${dataFolders++}`);
const lorekeep = <Result>(data: string, ...words: string[]): Promise<Result> =>
  sandbox.json<Result>(folder, ...words, '--data', data);

/** Starts `lorekeep …`, which gets a signal when its progress reaches a percentage. */
function startUntil(signal: `SIG${'INT' | 'KILL' | 'STOP'} ${number}`, data: string, ...words: string[]) {
  const environment = { NODE_OPTIONS: preload, LOREKEEP_TEST_SIGNAL_AT: signal };
  return sandbox.start(folder, [...words, '--json', '--data', data], environment);
}

/** All that an index says and holds, apart from when and in what order it was made. */
async function contentOf(data: string) {
  const status = await lorekeep<Status>(data, 'status', '--skipped');
  const index = openIndex(status.indexFolder);
  const pathOf = new Map(index.catalogue.paths().map(({ file, path }) => [file, path]));
  const stored = (await index.store.inventory()).map(({ file, rows }) => `${pathOf.get(file)}: ${rows}`);
  await index.close();
  const { files, chunks, symbols, bytes, pending, languages, skipped, degraded } = status;
  return {
    totals: { files, chunks, symbols, bytes, pending, languages, skipped, degraded },
    stored: stored.toSorted(),
  };
}

async function freshContent(): Promise<Content> {
  const data = emptyData();
  expect(await lorekeep(data, 'index')).toMatchObject({ aborted: false });
  return contentOf(data);
}

async function firstHit(data: string, question: string): Promise<unknown> {
  const { hits } = await lorekeep<{ hits: { path: string; text: string }[] }>(data, 'search', question, '-n', '1');
  return hits[0];
}

test('Ctrl-C while indexing leaves an index that is searched at once and completed by the next run', async () => {
  const data = emptyData();
  const { status, stdout, stderr } = await outcomeOf(startUntil('SIGINT 40', data, 'index'));
  expect(status).toBe(130);
  const stopped = JSON.parse(stdout);
  expect(stopped).toMatchObject({ aborted: true });
  expect(stopped.files).toBeGreaterThan(0);
  expect(stopped.files).toBeLessThan(fileCount);
  expect(stderr).toContain('`lorekeep index` goes on from there');
  expect(stderr).not.toMatch(/\n\s+at /);

  const found = await lorekeep(data, 'search', 'compute0x1', '-n', '1');
  expect(found).toMatchObject({ hits: [{ path: 'module-0.ts' }], notices: [expect.stringContaining('not complete')] });
  expect(await lorekeep(data, 'index')).toMatchObject({ parsed: fresh.stored.length - stopped.files, aborted: false });
  expect(await contentOf(data)).toEqual(fresh);
});

describe('kill -9', () => {
  test.each([2, 30, 60, 96])('at %i percent of a first run costs nothing but time', async (percent) => {
    const data = emptyData();
    expect(await outcomeOf(startUntil(`SIGKILL ${percent}`, data, 'index'))).toMatchObject({ status: -1 });
    expect(await lorekeep(data, 'index')).toMatchObject({ aborted: false });
    expect(await contentOf(data)).toEqual(fresh);
    expect(await lorekeep(data, 'index')).toMatchObject({ parsed: 0, repaired: 0 });
  });

  test('in a rebuild leaves the old index in use, and nothing of the new one', async () => {
    const data = emptyData();
    await lorekeep(data, 'index');
    expect(await outcomeOf(startUntil('SIGKILL 60', data, 'index', '--rebuild'))).toMatchObject({ status: -1 });
    expect(await contentOf(data)).toEqual(fresh);
    expect(await lorekeep(data, 'index')).toMatchObject({ parsed: 0 });
    const { indexFolder } = await lorekeep<Status>(data, 'status');
    expect(readdirSync(indexFolder).filter((name) => /^\d+$/.test(name))).toEqual(['1']);
  });

  describe('while changes are taken up', () => {
    const path = (number: number): string => join(folder, `module-${number}.ts`);
    const data = { early: '', late: '' };
    let changed: Content;

    beforeAll(async () => {
      data.early = emptyData();
      data.late = emptyData();
      await lorekeep(data.early, 'index');
      await lorekeep(data.late, 'index');
      for (let number = 0; number < 90; number++) writeFileSync(path(number), largeFile(number, 1));
      for (let number = 90; number < 110; number++) rmSync(path(number));
      for (let number = 110; number < 130; number++) renameSync(path(number), join(folder, `renamed-${number}.ts`));
      changed = await freshContent();
    }, 120_000);
    afterAll(() => {
      rmSync(folder, { recursive: true });
      writeLargeProject(folder, fileCount);
    });

    test.each([
      ['early', 30],
      ['late', 96],
    ] as const)('%s leaves no trace of the old content', async (when, percent) => {
      expect(await outcomeOf(startUntil(`SIGKILL ${percent}`, data[when], 'index'))).toMatchObject({ status: -1 });
      expect(await lorekeep(data[when], 'index')).toMatchObject({ aborted: false });
      expect(await contentOf(data[when])).toEqual(changed);
      const edited = { path: 'module-7.ts', text: expect.stringContaining('value * 3 + 1;') };
      expect(await firstHit(data[when], 'compute7x3')).toMatchObject(edited);
      expect(await firstHit(data[when], 'compute117x3')).toMatchObject({ path: 'renamed-117.ts' });
    });
  });
});

test('while an index is being made, a second run is turned away and searches are answered', async () => {
  const data = emptyData();
  const writer = startUntil('SIGSTOP 40', data, 'index');
  const outcome = outcomeOf(writer);
  let isRunning = true;
  void outcome.then(() => (isRunning = false));
  try {
    await progressed(writer, 40);
    const second = await sandbox.run(folder, 'index', '--json', '--data', data);
    expect(second.status).toBe(4);
    const message = expect.stringContaining(`Process ${writer.pid} (lorekeep index) is writing this index. Wait until`);
    expect(JSON.parse(second.stdout)).toEqual({ error: { code: 'index_busy', message } });
    const partly = { hits: [{ path: 'module-0.ts' }], notices: [expect.stringContaining('not complete')] };
    expect(await lorekeep(data, 'search', 'compute0x1', '-n', '1')).toMatchObject(partly);

    writer.kill('SIGCONT');
    do expect(await firstHit(data, 'compute0x1')).toMatchObject({ path: 'module-0.ts' });
    while (isRunning);
    expect(await outcome).toMatchObject({ status: 0 });
  } finally {
    writer.kill('SIGKILL');
  }
  expect(await contentOf(data)).toEqual(fresh);
});

/** Resolves when a process has shown that it is so far, in percent. */
function progressed({ stderr }: ReturnType<Sandbox['start']>, percent: number): Promise<void> {
  return new Promise((resolve) => {
    stderr?.on('data', (data: Buffer) => {
      const shown = [...data.toString().matchAll(/(\d+) % /g)].map(([, number]) => Number(number));
      if (shown.some((number) => number >= percent)) resolve();
    });
  });
}

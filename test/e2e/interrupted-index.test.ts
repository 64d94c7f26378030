import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openIndex } from '../../src/store/index-folder.ts';
import { createSandbox, outcomeOf } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';
import { largeFile, writeLargeProject } from '../support/large-project.ts';

const files = 250;
const preload = `--import=${join(import.meta.dirname, '..', 'support', 'signal-at.ts')}`;

let sandbox: Sandbox;
let projects = 0;
beforeAll(() => {
  sandbox = createSandbox();
});
afterAll(() => sandbox.remove());

interface Status {
  readonly indexFolder: string;
  readonly [field: string]: unknown;
}

function largeProject(): string {
  const folder = join(sandbox.home, 'code', `large${projects++}`);
  writeLargeProject(folder, files);
  return folder;
}

/** Starts `lorekeep …`, which gets a signal when its progress reaches a percentage. */
function startUntil(signal: NodeJS.Signals, percent: number, folder: string, ...words: string[]) {
  return sandbox.start(folder, words, { NODE_OPTIONS: preload, LOREKEEP_TEST_SIGNAL_AT: `${signal} ${percent}` });
}

/** All that an index says and holds, apart from when and in what order it was made. */
async function contentOf(folder: string, ...data: string[]) {
  const { indexFolder, ...status } = await sandbox.json<Status>(folder, 'status', '--skipped', ...data);
  const { files: served, chunks, symbols, bytes, languages, skipped, degraded, pending } = status;
  const { catalogue, store, close } = openIndex(indexFolder);
  const pathOf = new Map(catalogue.paths().map(({ file, path }) => [file, path]));
  const rows = (await store.inventory()).map(({ file, rows: count }) => `${pathOf.get(file)}: ${count}`);
  await close();
  const questions = ['compute7x3', 'step of a computation', 'compute249x59 value'];
  const found = questions.map(async (question) => {
    const { hits } = await sandbox.json<{ hits: Record<string, unknown>[] }>(folder, 'search', question, ...data);
    return hits.map(({ path, startLine, endLine, text }) => ({ path, startLine, endLine, text }));
  });
  const searches = await Promise.all(found);
  return { served, chunks, symbols, bytes, languages, skipped, degraded, pending, rows: rows.toSorted(), searches };
}

/** Indexes a project anew in a data folder of its own. */
async function freshContentOf(folder: string) {
  const data = ['--data', join(sandbox.home, `fresh${projects++}`)];
  expect(await sandbox.json(folder, 'index', ...data)).toMatchObject({ aborted: false });
  return contentOf(folder, ...data);
}

describe('Ctrl-C in the middle of indexing', () => {
  test('leaves an index that is searched at once and completed by the next run', async () => {
    const folder = largeProject();
    const { status, stdout, stderr } = await outcomeOf(startUntil('SIGINT', 40, folder, 'index', '--json'));
    expect(status).toBe(130);
    const stopped = JSON.parse(stdout);
    expect(stopped).toMatchObject({ aborted: true });
    expect(stopped.files).toBeGreaterThan(0);
    expect(stopped.files).toBeLessThan(files);
    expect(stderr).toContain('`lorekeep index` goes on from there');
    expect(stderr).not.toMatch(/\n\s+at /);

    const found = await sandbox.json(folder, 'search', 'compute0x1', '--limit', '1');
    expect(found).toMatchObject({ hits: [{ path: 'module-0.ts' }], notices: [expect.stringContaining('not complete')] });
    expect(await sandbox.json(folder, 'index')).toMatchObject({ parsed: files + 1 - stopped.files, aborted: false });
    expect(await contentOf(folder)).toEqual(await freshContentOf(folder));
  });
});

describe('kill -9', () => {
  test.each([2, 30, 60, 96])('at %i %% of a first run costs nothing but time', async (percent) => {
    const folder = largeProject();
    expect(await outcomeOf(startUntil('SIGKILL', percent, folder, 'index'))).toMatchObject({ status: -1 });
    expect(await sandbox.json(folder, 'index')).toMatchObject({ aborted: false });
    expect(await contentOf(folder)).toEqual(await freshContentOf(folder));
    expect(await sandbox.json(folder, 'index')).toMatchObject({ parsed: 0, repaired: 0 });
  });

  test.each([30, 96])('at %i %% of taking up changes leaves no trace of old content', async (percent) => {
    const folder = largeProject();
    await sandbox.json(folder, 'index');
    const path = (number: number): string => join(folder, `module-${number}.ts`);
    for (let number = 0; number < 120; number++) writeFileSync(path(number), largeFile(number, 1));
    for (let number = 120; number < 160; number++) rmSync(path(number));
    for (let number = 160; number < 200; number++) renameSync(path(number), join(folder, `renamed-${number}.ts`));
    expect(await outcomeOf(startUntil('SIGKILL', percent, folder, 'index'))).toMatchObject({ status: -1 });
    expect(await sandbox.json(folder, 'index')).toMatchObject({ aborted: false });
    expect(await contentOf(folder)).toEqual(await freshContentOf(folder));
  });

  test('in a rebuild leaves the old index in use, and nothing of the new one', async () => {
    const folder = largeProject();
    await sandbox.json(folder, 'index');
    const before = await contentOf(folder);
    expect(await outcomeOf(startUntil('SIGKILL', 60, folder, 'index', '--rebuild'))).toMatchObject({ status: -1 });
    expect(await contentOf(folder)).toEqual(before);
    expect(await sandbox.json(folder, 'index')).toMatchObject({ parsed: 0 });
    const { indexFolder } = await sandbox.json<Status>(folder, 'status');
    expect(readdirSync(indexFolder).filter((name) => /^\d+$/.test(name))).toEqual(['1']);
  });
});

describe('while an index is being made', () => {
  test('a second run is turned away, and searches are answered all the time', async () => {
    const folder = largeProject();
    const writer = startUntil('SIGSTOP', 70, folder, 'index', '--json');
    const outcome = outcomeOf(writer);
    let isRunning = true;
    void outcome.then(() => (isRunning = false));
    try {
      await new Promise<void>((resolve) =>
        writer.stderr?.on('data', (data: Buffer) => {
          if (/(?:[7-9]\d|100) % /.test(data.toString())) resolve();
        }),
      );
      const second = await sandbox.run(folder, 'index', '--json');
      expect(second.status).toBe(4);
      const message = expect.stringMatching(`Process ${writer.pid} is writing this index. Wait until it has finished`);
      expect(JSON.parse(second.stdout)).toEqual({ error: { code: 'index_busy', message } });
      const partly = { hits: [{ path: 'module-0.ts' }], notices: [expect.stringContaining('not complete')] };
      expect(await sandbox.json(folder, 'search', 'compute0x1', '--limit', '1')).toMatchObject(partly);

      writer.kill('SIGCONT');
      let searches = 0;
      for (; isRunning; searches++) {
        const found = await sandbox.json(folder, 'search', 'compute0x1', '--limit', '1');
        expect(found).toMatchObject({ hits: [{ path: 'module-0.ts' }] });
      }
      expect(searches).toBeGreaterThan(0);
      expect(await outcome).toMatchObject({ status: 0 });
    } finally {
      writer.kill('SIGKILL');
    }
    expect(await contentOf(folder)).toEqual(await freshContentOf(folder));
  });
});

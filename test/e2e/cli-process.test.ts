import { on } from 'node:events';
import { mkdirSync, statSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockForWriting } from '../../src/store/writer-lock.ts';
import { createSandbox, outcomeOf } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = createSandbox();
});
afterAll(() => sandbox.remove());

/** A tree that takes a while to index. */
function largeProject(files: number): string {
  const folder = join(sandbox.home, 'code', 'large');
  mkdirSync(folder, { recursive: true });
  for (let file = 0; file < files; file += 1) {
    const functions = Array.from(
      { length: 40 },
      (_, index) => `export function compute${file}x${index}(value: number) {\n  return value * ${index};\n}\n`,
    );
    writeFileSync(join(folder, `module-${file}.ts`), functions.join('\n'));
  }
  return folder;
}

test('Ctrl-C while indexing exits with 130 and leaves an index that the next run completes', async () => {
  const folder = largeProject(1_500);
  const watcher = watch(sandbox.home, { recursive: true });
  const child = sandbox.start(folder, ['index']);
  const outcome = outcomeOf(child);
  // Files are being recorded: the run is on its way.
  for await (const [, name] of on(watcher, 'change')) if (String(name).endsWith('catalogue.sqlite-wal')) break;
  watcher.close();
  child.kill('SIGINT');
  const { status, stderr } = await outcome;
  expect(status).toBe(130);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(await sandbox.json(folder, 'index')).toMatchObject({ files: 1_500 });
  expect(await sandbox.json(folder, 'search', 'compute1499x39', '--limit', '1')).toMatchObject({
    hits: [{ path: 'module-1499.ts' }],
  });
});

test('one process writes an index; another one is told to wait, and may read', async () => {
  const folder = sandbox.copyProject('shop', 'busy');
  await sandbox.json(folder, 'index');
  const { indexFolder } = await sandbox.json<{ indexFolder: string }>(folder, 'status');
  const lock = lockForWriting(indexFolder);
  try {
    expect(await sandbox.run(folder, 'index')).toMatchObject({
      status: 4,
      stderr: expect.stringContaining(String(process.pid)),
    });
    expect(await sandbox.run(folder, 'remove', 'busy')).toMatchObject({ status: 4 });
    expect(await sandbox.json(folder, 'search', 'Backoff')).toMatchObject({
      hits: expect.arrayContaining([expect.objectContaining({ path: 'worker/backoff.go' })]),
    });
  } finally {
    lock.release();
  }
  expect(await sandbox.json(folder, 'index')).toMatchObject({ parsed: 0 });
});

test('a reader that closes the pipe early is no failure', async () => {
  const folder = sandbox.copyProject('shop');
  await sandbox.json(folder, 'index');
  const child = sandbox.start(folder, ['search', 'session', '--full']);
  child.stdout?.destroy();
  const { status, stderr } = await outcomeOf(child);
  expect(status).toBe(0);
  expect(stderr).not.toMatch(/EPIPE|\n\s+at /);
});

test('NO_COLOR and a plain pipe carry no escape sequences', async () => {
  const folder = sandbox.copyProject('shop');
  const { stdout, stderr } = await sandbox.run(folder, 'search', 'session');
  expect(stdout + stderr).not.toContain('\u001b');
  const forced = await outcomeOf(sandbox.start(folder, ['search', 'session'], { FORCE_COLOR: '1' }));
  expect(forced.stdout).toContain('\u001b[');
  const refused = await outcomeOf(sandbox.start(folder, ['search', 'session'], { NO_COLOR: '1' }));
  expect(refused.stdout).not.toContain('\u001b');
});

test('the data folder is closed to others', async () => {
  await sandbox.json(sandbox.copyProject('shop', 'private'), 'index');
  expect(statSync(sandbox.dataFolder).mode & 0o077).toBe(0);
});

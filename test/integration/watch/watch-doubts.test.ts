import { mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { watchProject, type WatchOptions } from '../../../indexer/watch/watch-project.ts';
import { addFiles, fileTree } from '../../support/file-tree.ts';
import { commitFiles, git, initRepository } from '../../support/git-project.ts';
import { TestWatch } from '../../support/watched-project.ts';

const opened: TestWatch[] = [];

afterEach(async () => {
  for (const watch of opened.splice(0)) {
    await watch.close();
    rmSync(watch.root, { recursive: true, force: true });
  }
});

async function open(
  root: string,
  options: WatchOptions & { readonly globalExcludesFile?: string } = {},
): Promise<TestWatch> {
  const watch = new TestWatch(root);
  opened.push(watch);
  return await watch.open(options);
}

function write(watch: TestWatch, path: string): void {
  writeFileSync(join(watch.root, path), `${performance.now()}`);
}

async function untilTold(watch: TestWatch, path: string): Promise<void> {
  await watch.until(path, () => watch.paths.includes(path));
}

describe.each(['folders', 'chokidar'] as const)('rules and git through %s', (backend) => {
  it('notices changes in a folder that is no longer ignored, and leaves one that is', async () => {
    const watch = await open(fileTree({ 'src/a.ts': '1', 'out/b.ts': '2', 'c.ts': '3', '.gitignore': 'out/\n' }), {
      backend,
    });
    write(watch, 'out/b.ts');
    write(watch, 'c.ts');
    await untilTold(watch, 'c.ts');
    expect(watch.paths).toEqual(['c.ts']);
    writeFileSync(join(watch.root, '.gitignore'), 'src/\n');
    await watch.until('rules', () => watch.doubts.includes('rules'));
    write(watch, 'out/b.ts');
    await untilTold(watch, 'out/b.ts');
    watch.clear();
    write(watch, 'src/a.ts');
    write(watch, 'out/b.ts');
    await untilTold(watch, 'out/b.ts');
    expect(watch.paths.filter((path) => path.startsWith('src'))).toEqual([]);
  });

  it('is in doubt after a checkout, also in a repository that has just been made', async () => {
    const watch = await open(fileTree({ 'a.ts': '1' }), { backend });
    initRepository(watch.root);
    commitFiles(watch.root, 'one', {});
    await watch.until('the repository is noticed', () => watch.doubts.includes('rules'));
    git(watch.root, ['checkout', '-q', '-b', 'side']);
    commitFiles(watch.root, 'two', { 'a.ts': '2' });
    for (const branch of ['main', 'side']) {
      watch.clear();
      git(watch.root, ['checkout', '-q', branch]);
      await watch.until('git', () => watch.doubts.includes('git'));
    }
    await watch.untilSame();
    expect(watch.paths).toContain('a.ts');
  });
});

it('is in doubt when a rule file outside of the project changes', async () => {
  const folder = fileTree({ 'repo/app/src/a.ts': '1', 'repo/app/b.ts': '2', global: '' });
  initRepository(join(folder, 'repo'));
  const watch = await open(join(folder, 'repo/app'), { globalExcludesFile: join(folder, 'global') });
  for (const file of ['repo/.gitignore', 'repo/.git/info/exclude', 'global']) {
    watch.clear();
    writeFileSync(join(folder, file), 'src/\n');
    await watch.until(file, () => watch.doubts.includes('rules'));
  }
  watch.clear();
  write(watch, 'src/a.ts');
  write(watch, 'b.ts');
  await untilTold(watch, 'b.ts');
  expect(watch.paths).toEqual(['b.ts']);
  rmSync(folder, { recursive: true });
});

it('notices when the root is removed, made again, and replaced', async () => {
  const watch = await open(fileTree({ 'src/a.ts': '1' }), { retryMs: 20 });
  rmSync(watch.root, { recursive: true });
  await watch.until('it is gone', () => watch.modes.at(-1)?.mode === 'reconcile_only');
  expect(watch.modes.at(-1)?.reason).toContain('not there any more');
  expect(watch.doubts).toContain('watcher_error');
  addFiles(watch.root, { 'src/a.ts': '2' });
  await watch.until('it is back', () => watch.modes.at(-1)?.mode === 'events');
  write(watch, 'src/a.ts');
  await watch.untilSame();
  const modes = watch.modes.length;
  renameSync(watch.root, `${watch.root}-old`);
  mkdirSync(watch.root);
  addFiles(watch.root, { 'src/b.ts': '3' });
  await watch.until('watched anew', () => watch.modes.length > modes && watch.modes.at(-1)?.mode === 'events');
  write(watch, 'src/b.ts');
  await watch.untilSame();
  rmSync(`${watch.root}-old`, { recursive: true });
});

it('begins again when its thread ends or fails, and is in doubt before and after', async () => {
  const workerUrl = new URL('../../support/mortal-watch-worker.ts', import.meta.url);
  const watch = await open(fileTree({ 'src/a.ts': '1' }), { workerUrl, retryMs: 20 });
  for (const [file, part] of [
    ['end', 'its thread ended with 3'],
    ['fail', 'meant to fail'],
  ] as const) {
    watch.clear();
    const modes = watch.modes.length;
    write(watch, file);
    await watch.until('it works again', () => watch.modes.length === modes + 2);
    expect(watch.modes.slice(modes)).toEqual([
      { mode: 'reconcile_only', reason: expect.stringContaining(part) },
      { mode: 'events', reason: null },
    ]);
    await watch.until('what was missed is in doubt', () => watch.doubts.length === 2);
    write(watch, 'src/a.ts');
    await untilTold(watch, 'src/a.ts');
  }
});

it('says so where the file system does not tell of changes, and notices a sleep there too', async () => {
  let asleepMs = 0;
  const watch = await open(fileTree({ 'a.ts': '1' }), {
    fileSystem: async () => ({ name: 'NFS', isNetwork: true, reportsChanges: false }),
    sleepClocks: { wall: () => Date.now() + asleepMs, awake: () => performance.now() },
    sleepLookMs: 5,
  });
  expect(watch.modes).toEqual([{ mode: 'reconcile_only', reason: expect.stringContaining('lies on NFS') }]);
  asleepMs = 3_600_000;
  await watch.until('wake', () => watch.doubts.includes('wake'));
});

it('refuses a folder that is not there', async () => {
  const listener = { onPaths: () => undefined, onDoubt: () => undefined, onMode: () => undefined };
  await expect(watchProject({ root: '/not/there' }, {}, listener)).rejects.toMatchObject({ code: 'source_unreadable' });
});

it.runIf(process.platform === 'linux')('leaves nothing open when it is closed', async () => {
  const watchers = (): number =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).includes('inotify');
      } catch {
        return false;
      }
    }).length;
  const before = watchers();
  const watch = await open(fileTree({ 'src/a.ts': '1' }));
  expect(watchers()).toBe(before + 1);
  await watch.close();
  expect(watchers()).toBe(before);
});

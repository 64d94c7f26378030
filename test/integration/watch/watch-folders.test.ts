import { spawnSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { addFiles, emptyRepository, fileTree } from '../../support/file-tree.ts';
import { WatcherInProcess } from '../../support/watcher-in-process.ts';

const opened: { readonly root: string; readonly watcher: WatcherInProcess }[] = [];

afterEach(async () => {
  for (const { root, watcher } of opened.splice(0)) {
    await watcher.close();
    rmSync(root, { recursive: true, force: true });
  }
});

async function open(
  files: Readonly<Record<string, string>>,
  failAt?: (path: string, open: number) => Error | null,
): Promise<{ root: string; watcher: WatcherInProcess }> {
  const root = fileTree(files);
  const watcher = new WatcherInProcess(root, failAt);
  opened.push({ root, watcher });
  await watcher.start();
  return { root, watcher };
}

it('spends a watch on each folder that belongs to the project, and on no other', async () => {
  const { root, watcher } = await open({
    'src/in/a.ts': '1',
    'src/b.ts': '2',
    'node_modules/pkg/lib/c.js': '3',
    'out/d/e.js': '4',
    'kept/only/f.ts': '5',
    'cache/CACHEDIR.TAG': '6',
    'cache/deep/g.ts': '7',
    '.gitignore': 'out/\nkept/\n',
    '.lorekeepignore': '!kept/only/f.ts\n',
    ...emptyRepository(),
  });
  // A folder that says of itself that it is a cache is looked into once.
  expect(watcher.folders).toEqual(['', '.git', 'cache', 'kept', 'kept/only', 'src', 'src/in']);
  addFiles(root, { 'node_modules/new/h.js': '8', 'src/new/i.ts': '9' });
  await watcher.until('the new folder is watched', () => watcher.folders.includes('src/new'));
  expect(watcher.folders.filter((folder) => folder.startsWith('node_modules'))).toEqual([]);
});

it('changes what it watches with the rules', async () => {
  const { root, watcher } = await open({ 'src/in/a.ts': '1', 'out/deep/b.ts': '2', '.gitignore': 'out/\n' });
  expect(watcher.folders).toEqual(['', 'src', 'src/in']);
  writeFileSync(join(root, '.gitignore'), 'src/\n');
  await watcher.untilTold({ kind: 'doubt', doubt: 'rules' });
  await watcher.until('other folders are watched', () => watcher.folders.join() === ',out,out/deep');
  // Of each folder once: those of the tree before are given back.
  await watcher.until('the last watches are given back', () => watcher.watched.length === 3);
});

it('gives back the watches of folders that are gone', async () => {
  const { root, watcher } = await open({ 'src/in/a.ts': '1', 'b.ts': '2' });
  rmSync(join(root, 'src'), { recursive: true });
  await watcher.until('only the root is watched', () => watcher.folders.join() === '');
  expect(watcher.watched).toHaveLength(1);
});

it('tells of an entry that is moved away and is called like its folder', async () => {
  const { root, watcher } = await open({ 'app/app/a.ts': '1', 'b.ts': '2' });
  const elsewhere = fileTree({});
  renameSync(join(root, 'app/app'), join(elsewhere, 'app'));
  await watcher.until('the path is told', () => watcher.paths.includes('app/app'));
  expect(watcher.folders).toEqual(['', 'app']);
  rmSync(elsewhere, { recursive: true });
});

it.each([
  ['ENOSPC', 'watch_limit', 'fs.inotify.max_user_watches'],
  ['EMFILE', 'watch_limit', 'fs.inotify.max_user_instances'],
  ['EIO', 'watcher_error', 'EIO'],
])('gives all watches back when one fails with %s, and says what to do', async (code, doubt, part) => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`d${at % 10}/e${at}/f.ts`, '']));
  let failures = 0;
  const { watcher } = await open(files, (_, count) => {
    // Only once: whatever is opened after that would stay open.
    if (count < 10 || failures > 0) return null;
    failures++;
    return Object.assign(new Error(code), { code });
  });
  await watcher.until('all watches are closed', () => watcher.watched.length === 0);
  expect(watcher.messages).toEqual([{ kind: 'failed', doubt, reason: expect.stringContaining(part) }]);
});

it.each(['src', '.git'])('watches the rest where nobody may read %s', async (closed) => {
  const { root, watcher } = await open({ 'src/a.ts': '1', 'lib/b.ts': '2', ...emptyRepository() }, (path) =>
    path.endsWith(`/${closed}`) ? Object.assign(new Error('closed'), { code: 'EACCES' }) : null,
  );
  writeFileSync(join(root, 'lib/b.ts'), 'new');
  await watcher.until('the change is told', () => watcher.paths.includes('lib/b.ts'));
  expect(watcher.messages[0]).toEqual({ kind: 'ready' });
});

/** Fills the kernel's queue of events, and then replaces the folder `src`, of which nothing is told any more. */
const overflow = `
const { closeSync, openSync, renameSync, rmSync, mkdirSync, writeFileSync, writeSync } = require('node:fs');
const [root, events] = process.argv.slice(1);
const files = ['a', 'b'].map((name) => openSync(root + '/' + name, 'w'));
for (let event = 0; event < Number(events); event++) writeSync(files[event % 2], 'x');
rmSync(root + '/src', { recursive: true });
mkdirSync(root + '/src/new', { recursive: true });
writeFileSync(root + '/src/new/c.ts', '1');`;

it.runIf(process.platform === 'linux')('sees everything again after the kernel has lost events', async () => {
  const { root, watcher } = await open({ 'src/old/c.ts': '1' });
  const length = readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8');
  spawnSync(process.execPath, ['-e', overflow, root, String(Number(length) + 1000)], { stdio: 'inherit' });
  await watcher.untilTold({ kind: 'doubt', doubt: 'flood' });
  expect(watcher.paths.filter((path) => path.startsWith('src'))).toEqual([]);
  writeFileSync(join(root, 'src/new/c.ts'), 'later');
  await watcher.until('a change in the new folder is told', () => watcher.paths.includes('src/new/c.ts'));
});

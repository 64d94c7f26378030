import { type FSWatcher, rmSync, unlinkSync, utimesSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gitScopeAt } from '../../../indexer/walk/git-scope.ts';
import { GitActivity } from '../../../indexer/watch/thread/git-activity.ts';
import type { OpenWatch } from '../../../indexer/watch/thread/watched-tree.ts';
import { fileTree } from '../../support/file-tree.ts';
import { commitFiles, git } from '../../support/git-project.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { Told } from '../../support/told.ts';

let folder: string;
let root: string;
let clock: HandClock;
let lastHintAt: number;
let ends: number;
let names: string[];
let told: Told;
let activity: GitActivity | null;
let gitFolder: string;

beforeEach(() => {
  folder = fileTree({});
  root = join(folder, 'app');
  clock = new HandClock();
  lastHintAt = Number.NEGATIVE_INFINITY;
  ends = 0;
  names = [];
  told = new Told();
  git(folder, ['init', '-q', '-b', 'main', 'app']);
  commitFiles(root, 'one', { 'a.ts': '1' });
  git(root, ['checkout', '-q', '-b', 'side']);
  commitFiles(root, 'two', { 'b.ts': '2' });
  git(root, ['checkout', '-q', 'main']);
  commitFiles(root, 'three', { 'c.ts': '3' });
});
afterEach(() => {
  activity?.close();
  activity = null;
  rmSync(folder, { recursive: true });
});

/** Watches the git folder of a work tree: real events, by a clock that only the test moves. */
function watchGit(top: string): void {
  const open = ((path: string, listener: (kind: string, name: string | null) => void): FSWatcher =>
    watch(path, (kind, name) => {
      names.push(name ?? '');
      listener(kind, name);
      told.wake();
    })) as OpenWatch;
  gitFolder = gitScopeAt(top)!.gitFolder;
  activity = new GitActivity(gitFolder, {
    open,
    clock,
    lastHintAt: () => lastHintAt,
    onEnd: () => ends++,
    onFailure: (error) => expect.unreachable(String(error)),
  });
}

/** Resolves when all events so far are read: a mark that is made now comes last. */
async function untilAllRead(): Promise<void> {
  const mark = `mark-${names.length}`;
  writeFileSync(join(gitFolder, mark), '');
  await told.until(
    mark,
    () => names.includes(mark),
    () => names.join(', '),
  );
}

async function run(top: string, ...words: readonly string[]): Promise<void> {
  git(top, words);
  await untilAllRead();
  await clock.pass(10_000);
}

it('is not misled by commands that only look, or add and commit', async () => {
  watchGit(root);
  utimesSync(join(root, 'a.ts'), 1e9, 1e9);
  await run(root, 'status');
  expect(names).toContain('index.lock');
  writeFileSync(join(root, 'a.ts'), 'new');
  lastHintAt = clock.now();
  await clock.pass(100);
  await run(root, 'add', '-A');
  await run(root, 'commit', '-q', '-m', 'four');
  await run(root, 'log');
  expect(ends).toBe(0);
});

it.each([
  ['a checkout', ['checkout', '-q', 'side']],
  ['a merge', ['merge', '-q', '--no-edit', 'side']],
  ['a rebase', ['rebase', '-q', 'side']],
  ['a reset', ['reset', '-q', '--hard', 'side']],
  ['a detached head', ['checkout', '-q', '--detach', 'side']],
])('notices the end of %s', async (_, words) => {
  watchGit(root);
  await run(root, ...words);
  expect(ends).toBe(1);
  await run(root, 'status');
  expect(ends).toBe(1);
});

it('notices what is taken from the index, where files have changed with it', async () => {
  writeFileSync(join(root, 'a.ts'), 'other');
  watchGit(root);
  git(root, ['checkout', '-q', '--', 'a.ts']);
  await untilAllRead();
  lastHintAt = clock.now();
  await clock.pass(10_000);
  expect(ends).toBe(1);
});

it('notices each stop of a rebase that waits for someone', async () => {
  commitFiles(root, 'clash', { 'b.ts': 'clash' });
  watchGit(root);
  expect(() => git(root, ['rebase', '-q', 'side'])).toThrow('rebase');
  await untilAllRead();
  await clock.pass(10_000);
  expect(ends).toBe(1);
  await run(root, 'rebase', '--abort');
  expect(ends).toBe(2);
});

it('watches the folder of a linked work tree, and not that of the main one', async () => {
  const linked = join(folder, 'linked');
  git(root, ['worktree', 'add', '-q', '-b', 'other', linked]);
  watchGit(linked);
  await run(root, 'checkout', '-q', 'side');
  expect(ends).toBe(0);
  await run(linked, 'checkout', '-q', '--detach', 'main');
  expect(ends).toBe(1);
});

it('waits while the index is locked, but not for a lock that nobody holds any more', async () => {
  watchGit(root);
  const lock = join(root, '.git/index.lock');
  writeFileSync(join(root, '.git/MERGE_HEAD'), '');
  writeFileSync(lock, '');
  await untilAllRead();
  await clock.pass(30_000);
  expect(ends).toBe(0);
  unlinkSync(lock);
  await untilAllRead();
  await clock.pass(1000);
  expect(ends).toBe(1);
  writeFileSync(lock, '');
  writeFileSync(join(root, '.git/ORIG_HEAD'), '');
  await untilAllRead();
  await clock.pass(59_000);
  expect(ends).toBe(1);
  await clock.pass(2000);
  expect(ends).toBe(2);
});

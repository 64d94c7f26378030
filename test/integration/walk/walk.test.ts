import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { pathBytesOf } from '../../../indexer/walk/path-name.ts';
import { createIgnoreMatcher, walk } from '../../../indexer/walk/walk.ts';
import type { WalkEntry } from '../../../indexer/walk/walk-entry.ts';
import { asPlainUser } from '../../support/as-plain-user.ts';
import { fileTree } from '../../support/file-tree.ts';

const roots: string[] = [];

function tree(files: Readonly<Record<string, string>>): string {
  const root = fileTree(files);
  roots.push(root);
  return root;
}

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

async function entriesOf(root: string): Promise<readonly WalkEntry[]> {
  const entries: WalkEntry[] = [];
  for await (const entry of walk(createIgnoreMatcher(root))) entries.push(entry);
  return entries;
}

function shortForm(entry: WalkEntry): string {
  if (entry.kind === 'end') return 'end';
  return entry.kind === 'file' ? entry.path : `${entry.path}: ${entry.reason}, ${entry.detail}`;
}

test('yields files by path bytes, with their stat, and then the totals', async () => {
  const names = ['b/c.ts', 'b.ts', 'b-c/x.ts', 'a/z/y.ts', 'a.ts', 'é.ts', 'Z.ts', '日本/x.ts', 'b/c/d.ts'];
  const root = tree(Object.fromEntries(names.map((name) => [name, 'text'])));
  const entries = await entriesOf(root);
  const files = entries.filter((entry) => entry.kind === 'file');
  const sorted = names.toSorted((left, right) => Buffer.compare(pathBytesOf(left), pathBytesOf(right)));
  expect(files.map((entry) => entry.path)).toEqual(sorted);
  expect(files.map((entry) => entry.absolute)).toEqual(sorted.map((name) => join(root, name)));
  expect(new Set(files.map((entry) => entry.stat.inode)).size).toBe(names.length);
  expect(files.every((entry) => entry.stat.bytes === 4 && entry.stat.mtimeNs > 10n ** 18n)).toBe(true);
  expect(entries.at(-1)).toEqual({
    kind: 'end',
    files: 9,
    skipped: 0,
    ignoredFiles: 0,
    ignoredFolders: 0,
    notices: [],
  });
});

test('a wide and deep tree comes in the same order, each file once', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `d${index % 20}/e${index % 7}/f${index}.ts`);
  const root = tree(Object.fromEntries(names.map((name) => [name, ''])));
  const paths = (await entriesOf(root)).map(shortForm);
  expect(paths).toEqual([...names.toSorted(), 'end']);
});

test('links are never followed, and each says why', async () => {
  const root = tree({ 'src/a.ts': '', 'b.ts': '' });
  const outside = tree({ 'secret.ts': '' });
  const links = {
    'to-file': 'b.ts',
    'to-folder': 'src',
    'src/up': '..',
    gone: 'nowhere',
    self: 'self',
    out: outside,
    beside: `${root}-not`,
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(root, name));
  mkdirSync(`${root}-not`);
  roots.push(`${root}-not`);
  expect((await entriesOf(root)).map(shortForm)).toEqual([
    'b.ts',
    `beside: outside_root, link to ${root}-not, which is not in the project`,
    'gone: broken_link, link to nowhere, which is not there',
    `out: outside_root, link to ${outside}, which is not in the project`,
    'self: broken_link, link to self, which leads back to itself',
    'src/a.ts',
    'src/up: link, link to ..',
    'to-file: link, link to b.ts',
    'to-folder: link, link to src',
    'end',
  ]);
});

test('counts what rules leave out: files, and folders once', async () => {
  const root = tree({
    '.gitignore': 'build/\n*.log\n',
    'build/a.ts': '',
    'build/b/c.ts': '',
    'x.log': '',
    'src/y.log': '',
    'src/a.ts': '',
  });
  expect((await entriesOf(root)).at(-1)).toMatchObject({ files: 2, ignoredFiles: 2, ignoredFolders: 1 });
});

test('a project of which nothing is left says so', async () => {
  const root = tree({ '.lorekeepignore': '*\n', 'a.ts': '' });
  expect((await entriesOf(root)).at(-1)).toMatchObject({
    notices: [`No file of ${root} is left to index: 2 ignored by rules, 0 skipped.`],
  });
});

test('a folder that may not be read is skipped, and the walk goes on', async () => {
  const root = tree({ 'a/x.ts': '', 'b/x.ts': '', 'c/x.ts': '' });
  chmodSync(root, 0o755);
  chmodSync(join(root, 'b'), 0);
  const entries = await asPlainUser(async () => await entriesOf(root));
  expect(entries.map(shortForm)).toEqual(['a/x.ts', 'b: unreadable, permission denied', 'c/x.ts', 'end']);
});

test('a link as root is resolved; a missing root and a file are refused with what to do', async () => {
  const root = tree({ 'a.ts': '' });
  const link = join(tree({}), 'link');
  symlinkSync(root, link);
  expect((await entriesOf(link)).map(shortForm)).toEqual(['a.ts', 'end']);
  expect(() => createIgnoreMatcher(join(root, 'none'))).toThrow('does not exist. Name a folder that holds code.');
  expect(() => createIgnoreMatcher(join(root, 'a.ts'))).toThrow('is not a folder');
});

test('a walk can be aborted, and left early', async () => {
  const root = tree({ 'a/a.ts': '', 'b/b.ts': '', 'c/c.ts': '' });
  const controller = new AbortController();
  const aborted = async (): Promise<void> => {
    for await (const entry of walk(createIgnoreMatcher(root), { signal: controller.signal }))
      if (entry.kind === 'file') controller.abort();
  };
  await expect(aborted()).rejects.toThrow('aborted');
  const seen: string[] = [];
  for await (const entry of walk(createIgnoreMatcher(root))) {
    seen.push(shortForm(entry));
    break;
  }
  expect(seen).toEqual(['a/a.ts']);
});

test('paths deeper than the system can name end in a reason, not in an error', async () => {
  const root = tree({ 'a.ts': '' });
  const home = process.cwd();
  const name = 'd'.repeat(200);
  process.chdir(root);
  for (let depth = 0; depth < 25; depth++) {
    mkdirSync(name);
    process.chdir(name);
  }
  writeFileSync('deep.ts', '');
  process.chdir(home);
  const entries = await entriesOf(root);
  expect(entries.map((entry) => (entry.kind === 'skipped' ? entry.reason : entry.kind))).toEqual([
    'file',
    'unreadable',
    'end',
  ]);
});

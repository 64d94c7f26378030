import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';

interface Project {
  readonly name: string;
  readonly root: string;
  readonly indexFolder: string;
}

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = createSandbox();
});
afterEach(() => sandbox.remove());

const place = (name: string): string => join(sandbox.home, 'code', name);
const hitsOf = async (folder: string, ...words: string[]) =>
  (await sandbox.json<{ hits: { project: string; path: string }[] }>(folder, 'search', ...words)).hits;
const projects = async () => (await sandbox.json<{ projects: Project[] }>(sandbox.home, 'projects')).projects;

function move(from: string, to: string): string {
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
  return to;
}

describe('a folder that was moved', () => {
  test('keeps its name and index, also when a question is the first to find out', async () => {
    const before = sandbox.copyProject('shop');
    await sandbox.json(before, 'index');
    const [{ name, indexFolder } = { name: '', indexFolder: '' }] = await projects();
    const after = move(before, place('archive/2026/store'));
    expect(await hitsOf(after, 'Backoff', '-n', '1')).toMatchObject([{ project: 'shop', path: 'worker/backoff.go' }]);
    expect(await hitsOf(sandbox.home, 'Backoff', '-n', '1', '-p', 'shop')).toHaveLength(1);
    expect(await projects()).toMatchObject([{ name, indexFolder, root: after }]);
    expect(await sandbox.json(after, 'index')).toMatchObject({ project: 'shop', parsed: 0, added: 0, removed: 0 });
  });

  test('and changed on the way is brought up to date', async () => {
    const before = sandbox.copyProject('shop');
    await sandbox.json(before, 'index');
    const after = move(before, place('store'));
    rmSync(join(after, 'worker/backoff.go'));
    writeFileSync(join(after, 'zebra.md'), '# Zebras\n');
    expect(await sandbox.json(after, 'index')).toMatchObject({ project: 'shop', parsed: 1, added: 1, removed: 1 });
    expect(await hitsOf(after, 'zebras', '-n', '1')).toMatchObject([{ path: 'zebra.md' }]);
  });

  test('leaves its place to another, which is a project of its own', async () => {
    const before = sandbox.copyProject('shop');
    await sandbox.json(before, 'index');
    const after = move(before, place('store'));
    cpSync(after, before, { recursive: true });
    expect(await sandbox.json(after, 'index')).toMatchObject({ parsed: 0 });
    const fresh = await sandbox.json<{ project: string; parsed: number }>(before, 'index');
    expect(fresh).toMatchObject({ project: expect.stringMatching(/^shop/), parsed: 11 });
    expect((await projects()).map(({ root }) => root).toSorted()).toEqual([before, after].toSorted());
  });

  test('with all its parents keeps every project in them', async () => {
    for (const name of ['work/api', 'work/web']) await sandbox.json(sandbox.copyProject('shop', name), 'index');
    const moved = move(place('work'), place('old/work'));
    const found = await hitsOf(moved, 'Backoff', '-p', './api', '-p', './web');
    expect(new Set(found.map(({ project }) => project))).toEqual(new Set(['api', 'web']));
    expect((await projects()).map(({ root }) => root)).toEqual([join(moved, 'api'), join(moved, 'web')]);
  });
});

describe('folders of the same name', () => {
  test('get a number, and keep it', async () => {
    const folders = ['a/shop', 'b/shop', 'c/Shop'].map((name) => sandbox.copyProject('shop', name));
    const names = async () => {
      const told: string[] = [];
      for (const folder of folders) told.push((await sandbox.json<{ project: string }>(folder, 'index')).project);
      return told;
    };
    expect(await names()).toEqual(['shop', 'shop-2', 'Shop-3']);
    expect(await names()).toEqual(['shop', 'shop-2', 'Shop-3']);
    expect(await hitsOf(sandbox.home, 'Backoff', '-n', '1', '-p', 'shop-2')).toMatchObject([{ project: 'shop-2' }]);
  });

  test('may be told apart by --name, which must be free', async () => {
    await sandbox.json(sandbox.copyProject('shop', 'a/shop'), 'index');
    const other = sandbox.copyProject('shop', 'b/shop');
    const taken = await sandbox.run(other, 'index', '--name', 'SHOP');
    expect(taken).toMatchObject({ status: 2, stderr: expect.stringContaining('taken by') });
    expect(await sandbox.json(other, 'index', '--name', 'second')).toMatchObject({ project: 'second' });
    expect(await sandbox.json(other, 'index')).toMatchObject({ project: 'second', parsed: 0 });
  });
});

describe('index data', () => {
  test('is deleted with its project, and only that', async () => {
    const shop = sandbox.copyProject('shop');
    await sandbox.json(shop, 'index');
    await sandbox.json(sandbox.copyProject('shop', 'other'), 'index');
    const [other, gone] = await projects();
    expect(await sandbox.json(sandbox.home, 'remove', shop)).toMatchObject({ removed: { name: 'shop' } });
    expect([existsSync(gone!.indexFolder), existsSync(other!.indexFolder)]).toEqual([false, true]);
    expect(await projects()).toMatchObject([{ name: 'other' }]);
    expect(readdirSync(join(sandbox.dataFolder, 'projects'))).toHaveLength(1);
    expect(existsSync(join(shop, 'worker/backoff.go'))).toBe(true);
  });

  test('of a project whose folder is gone can still be deleted', async () => {
    const shop = sandbox.copyProject('shop');
    await sandbox.json(shop, 'index');
    rmSync(shop, { recursive: true });
    expect(await sandbox.json(sandbox.home, 'remove', 'shop')).toMatchObject({ removed: { name: 'shop' } });
    expect(readdirSync(join(sandbox.dataFolder, 'projects'))).toEqual([]);
  });

  test('is closed to everybody else, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      const shop = sandbox.copyProject('shop');
      await sandbox.json(shop, 'index');
      await sandbox.json(shop, 'ask', 'how are passwords checked?');
      await sandbox.json(shop, 'index', '--rebuild');
    } finally {
      process.umask(before);
    }
    const entries = readdirSync(sandbox.dataFolder, { recursive: true, withFileTypes: true });
    const open = entries.flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const mode = statSync(path).mode & 0o777;
      return mode === (entry.isDirectory() ? 0o700 : 0o600) ? [] : [`${mode.toString(8)} ${path}`];
    });
    expect(open).toEqual([]);
    expect(statSync(sandbox.dataFolder).mode & 0o777).toBe(0o700);
    expect(entries.filter((entry) => entry.isFile()).length).toBeGreaterThan(5);
  });
});

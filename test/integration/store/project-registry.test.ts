import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openIndexForWriting } from '../../../src/store/index-folder.ts';
import { ProjectRegistry } from '../../../src/store/project-registry.ts';
import { startStoreChild } from '../../support/child.ts';

describe('the registry of projects', () => {
  let base: string;
  let registry: ProjectRegistry;
  let ids = 0;
  const open = () => new ProjectRegistry({ dataFolder: join(base, 'data'), newId: () => `id-${ids++}` });
  const makeFolder = (name: string) => {
    const path = join(base, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'lorekeep-registry-')));
    registry = open();
  });
  afterEach(() => {
    registry.close();
    rmSync(base, { recursive: true, force: true });
  });

  test('names a project after its folder, with a number where the name is taken', () => {
    expect(['a/shop', 'b/shop', 'c/SHOP', 'd/other'].map((name) => registry.register(makeFolder(name)).name)).toEqual([
      'shop',
      'shop-2',
      'SHOP-3',
      'other',
    ]);
    expect(registry.register(join(base, 'b/shop')).name).toBe('shop-2');
    expect(registry.list()).toHaveLength(4);
    expect(new Set(registry.list().map(({ indexFolder }) => indexFolder)).size).toBe(4);
  });

  test('is kept on the disk', () => {
    const project = registry.register(makeFolder('shop'));
    registry.close();
    registry = open();
    expect(registry.list()).toEqual([project]);
  });

  test('takes a name, renames by a new one, and refuses one that is taken or unusable', () => {
    const shop = makeFolder('shop');
    const project = registry.register(shop, { name: 'My Shop' });
    expect(registry.register(shop).name).toBe('My Shop');
    expect(registry.register(shop, { name: 'store' })).toEqual({ ...project, name: 'store' });
    expect(registry.byName('My Shop')).toBeNull();
    expect(registry.byName('STORE')?.root).toBe(shop);
    expect(() => registry.register(makeFolder('other'), { name: 'Store' })).toThrow(
      expect.objectContaining({ code: 'request_invalid', message: expect.stringContaining(shop) }),
    );
    for (const name of ['', 'a/b', '-x', '.', ' x', 'x\n', 'x'.repeat(101)]) {
      expect(() => registry.register(shop, { name })).toThrow(expect.objectContaining({ code: 'request_invalid' }));
    }
    expect(registry.list()).toHaveLength(1);
  });

  test('odd folder names make usable project names', () => {
    expect(registry.register(makeFolder('-x\n日本')).name).toBe('x_日本');
    expect(() => registry.register(join(base, 'missing'))).toThrow(
      expect.objectContaining({ code: 'request_invalid' }),
    );
  });

  test('finds the project that contains a folder, the nearest first, through links', () => {
    const outer = registry.register(makeFolder('outer'));
    const inner = registry.register(makeFolder('outer/packages/inner'));
    makeFolder('outer/packages/inner/src');
    makeFolder('outer-not');
    symlinkSync(join(base, 'outer/packages'), join(base, 'link'));
    expect(registry.containing(join(base, 'outer/packages/inner/src'))).toEqual(inner);
    expect(registry.containing(join(base, 'outer/packages'))).toEqual(outer);
    expect(registry.containing(join(base, 'link/inner'))).toEqual(inner);
    expect(registry.containing(join(base, 'outer-not'))).toBeNull();
    expect(registry.containing(join(base, 'missing'))).toBeNull();
    expect(registry.register(join(base, 'link/inner'))).toEqual(inner);
  });

  test('a moved folder keeps its project', () => {
    const before = registry.register(makeFolder('old/shop'));
    makeFolder('old/shop/src');
    renameSync(join(base, 'old'), join(base, 'new'));
    const moved = { ...before, root: join(base, 'new/shop') };
    expect(registry.containing(join(base, 'new/shop/src'))).toEqual(moved);
    expect(registry.register(join(base, 'new/shop'))).toEqual(moved);
    expect(registry.list()).toEqual([moved]);
  });

  test('a clone copied elsewhere and deleted keeps its project; a copy beside it is another', () => {
    const original = makeFolder('shop');
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: original });
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '--message', 'first');
    const project = registry.register(original);
    const copy = join(base, 'copy');
    cpSync(original, copy, { recursive: true });
    expect(registry.register(copy).indexFolder).not.toBe(project.indexFolder);
    rmSync(original, { recursive: true });
    const elsewhere = join(base, 'elsewhere');
    cpSync(copy, elsewhere, { recursive: true });
    expect(registry.register(elsewhere)).toEqual({ ...project, root: elsewhere });
  });

  test('another folder at the place of a deleted one is not taken for one that was moved', () => {
    const project = registry.register(makeFolder('shop'));
    rmSync(project.root, { recursive: true });
    expect(registry.register(makeFolder('fresh')).name).toBe('fresh');
    expect(registry.byName('shop')).toEqual(project);
  });

  test('removing deletes the index data, but not while it is written', async () => {
    const project = registry.register(makeFolder('shop'));
    const index = await openIndexForWriting(project.indexFolder, null);
    await expect(registry.remove('shop')).rejects.toMatchObject({ code: 'index_busy' });
    expect(registry.list()).toHaveLength(1);
    await index.close();
    expect(await registry.remove('SHOP')).toEqual(project);
    expect(existsSync(project.indexFolder)).toBe(false);
    expect(existsSync(project.root)).toBe(true);
    expect(registry.list()).toEqual([]);
    await expect(registry.remove('shop')).rejects.toMatchObject({ code: 'not_indexed' });
  });

  test('processes that register at once get different names, and one project for one folder', async () => {
    const folders = [1, 2, 3, 4, 5].map((number) => makeFolder(`${number}/shop`));
    const children = [1, 2].map(() => startStoreChild('register', join(base, 'data'), ...folders));
    for (const child of children) expect(await child.line()).toBe('ready');
    for (const child of children) child.process.stdin.write('go\n');
    const [left, right] = await Promise.all(children.map(async (child) => JSON.parse(await child.line()) as string[]));
    expect(left).toEqual(right);
    expect(new Set(left).size).toBe(5);
    expect(registry.list()).toHaveLength(5);
    for (const child of children) await child.kill('SIGTERM');
  });
});

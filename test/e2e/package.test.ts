import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sandbox } from '../support/cli-process.ts';
import { installedSizes, sizeTable } from '../support/installed-size.ts';
import { startWatch } from '../support/watch-process.ts';

const root = resolve(import.meta.dirname, '../..');

let folder: string;
let tarball: string;
let project: string;

/** What a user's shell has: none of what npm and the checkout add to the environment. */
function plainEnvironment(): Record<string, string | undefined> {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'));
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE|VITEST|INIT_CWD)/i.test(name));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter), LOREKEEP_MODEL_URL: 'http://127.0.0.1:9' };
}

function run(cwd: string, command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, {
    cwd,
    env: plainEnvironment(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 26,
  });
}

function install(...args: readonly string[]): void {
  run(project, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...args, tarball);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorekeep-package-'));
  project = join(folder, 'project');
  mkdirSync(project);
  run(root, process.execPath, '.ci/build.mjs');
  const [packed] = JSON.parse(run(root, 'npm', 'pack', '--json', '--pack-destination', folder)) as [
    { filename: string },
  ];
  tarball = join(folder, packed.filename);
  install('--ignore-scripts');
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('the installed command indexes a folder and finds its code', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const lorekeep = join(project, 'node_modules', '.bin', 'lorekeep');
  expect(run(project, lorekeep, '--version')).toBe(`${version}\n`);
  expect(run(project, 'npx', '--no-install', 'lorekeep', '--version')).toBe(`${version}\n`);

  const shop = join(folder, 'shop');
  cpSync(join(root, 'test/fixtures/projects/shop'), shop, { recursive: true });
  const data = ['--data', join(folder, 'data'), '--json'];
  const report = JSON.parse(run(shop, lorekeep, 'index', ...data)) as { files: number; degraded: number };
  expect(report).toMatchObject({ files: 11, degraded: 1 });
  const found = JSON.parse(run(shop, lorekeep, 'search', 'SessionStore', ...data)) as { hits: { path: string }[] };
  expect(found.hits[0]?.path).toBe('api/session.ts');
}, 120_000);

test('the installed command notices what changes', async () => {
  const shop = join(folder, 'watched-shop');
  cpSync(join(root, 'test/fixtures/projects/shop'), shop, { recursive: true });
  const lorekeep = join(project, 'node_modules', '.bin', 'lorekeep');
  const start: Sandbox['start'] = (cwd, words) =>
    spawn(lorekeep, words, { cwd, env: plainEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  await using watch = startWatch({ start }, shop, '--data', join(folder, 'watched-data'));
  await watch.compared();
  appendFileSync(join(shop, 'api/session.ts'), '\nexport const zebra = 1;\n');
  expect(await watch.changed('api/session.ts')).toMatchObject({ project: 'watched-shop' });
}, 120_000);

test('a global installation works', () => {
  const prefix = join(folder, 'global');
  install('--global', '--prefix', prefix);
  expect(run(folder, join(prefix, 'bin', 'lorekeep'), '--help')).toContain('Usage  lorekeep');
}, 300_000);

test('no package runs code on installation, and none is there for development', () => {
  interface Installed {
    readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
  }
  const { packages } = JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8')) as Installed;
  expect(Object.keys(packages)).toContain('node_modules/lorekeep');
  expect(Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
  const unwanted = ['typescript', 'vitest', 'openai', '@huggingface/transformers', 'lorekeep/dist/test'];
  expect(unwanted.filter((name) => existsSync(join(project, 'node_modules', name)))).toEqual([]);
});

test('the installation stays small', () => {
  const sizes = installedSizes(project);
  process.stdout.write(`Installed by \`npm install lorekeep\`:\n${sizeTable(sizes)}\n`);
  const large = sizes.filter(({ bytes }) => bytes > 75e6).map(({ name }) => name);
  expect(large.toSorted()).toEqual([expect.stringMatching(/^@lancedb\/lancedb-/), expect.stringMatching(/^node-/)]);
  expect(sizes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(500e6);
});

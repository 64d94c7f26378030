import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const fastCheckers = ['format', 'lint', 'types', 'sizes', 'dead-code-production'];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorekeep-check-'));
  for (const file of [
    '.ci',
    '.oxlintrc.json',
    '.oxfmtrc.json',
    'tsconfig.json',
    'package.json',
    'test/vitest.config.ts',
  ]) {
    cpSync(join(root, file), join(folder, file), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, '.gitignore'), 'node_modules\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

function check(...names: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['.ci/check.mjs', ...names], { cwd: folder, encoding: 'utf8' });
}

test('every checker runs, and each that finds nothing to look at fails', () => {
  const { status, stdout } = check('sizes', 'dead-code-production', 'tests');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^FAIL sizes +0 files/m);
  expect(stdout).toMatch(/^FAIL dead-code-production +\d+ files/m);
  expect(stdout).toMatch(/^FAIL tests +0 files/m);
});

test('a sound project passes, one line a checker', () => {
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/main.ts'), "process.stdout.write('ready\\n');\n");
  const manifest = { name: 'sample', type: 'module', devDependencies: {} };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const { status, stdout } = check(...fastCheckers);
  expect(stdout.replaceAll(/ {2,}/g, ' ')).toMatch(
    new RegExp(`^${fastCheckers.map((name) => `ok ${name} \\d+ files [\\d.]+ s\n`).join('')}$`),
  );
  expect(status).toBe(0);
});

test('what a checker found is printed', () => {
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/main.ts'), "export const value: number = 'text';\n");
  const { status, stdout } = check('types');
  expect(status).toBe(1);
  expect(stdout).toContain('src/main.ts(1,14): error TS2322');
});

test('a checker that does not exist is named', () => {
  const { status, stderr } = check('typos');
  expect(status).toBe(2);
  expect(stderr).toContain('typos');
});

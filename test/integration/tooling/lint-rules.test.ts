import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

interface Finding {
  readonly code: string;
  readonly message: string;
  readonly filename: string;
}

/** A sample file, its text and the rule that must find fault with it. */
type Sample = readonly [file: string, text: string, rule: string];

const lines = (count: number, line: string): string => `${line}\n`.repeat(count);

const layerSamples: readonly Sample[] = [
  ['src/core/upward.ts', "import '../text/target.ts';", 'src/core must not import src/text'],
  ['src/core/package.ts', "import 'hono';", 'src/core must not import the package hono'],
  ['src/text/package.ts', "import 'zod';", 'src/text must not import the package zod'],
  ['src/store/sideways.ts', "import '../model/target.ts';", 'src/store must not import src/model'],
  ['src/store/lance/deep.ts', "import '../../model/target.ts';", 'src/store must not import src/model'],
  ['src/store/package.ts', "import 'ollama';", 'src/store must not import the package ollama'],
  ['src/model/package.ts', "import '@lancedb/lancedb';", 'src/model must not import the package @lancedb/lancedb'],
  ['src/retrieval/adapter.ts', "import '../store/target.ts';", 'src/retrieval must not import src/store'],
  ['src/answer/peer.ts', "import '../retrieval/target.ts';", 'src/answer must not import src/retrieval'],
  [
    'src/answer/type-only.ts',
    "import type {} from '../retrieval/target.ts';",
    'src/answer must not import src/retrieval',
  ],
  ['src/answer/dynamic.ts', "await import('../retrieval/target.ts');", 'src/answer must not import src/retrieval'],
  [
    'src/answer/type-query.ts',
    "export type T = import('../model/target.ts').T;",
    'src/answer must not import src/model',
  ],
  ['src/answer/passed-on.ts', "export * from '../model/target.ts';", 'src/answer must not import src/model'],
  ['src/verbs/adapter.ts', "import '../store/target.ts';", 'src/verbs must not import src/store'],
  ['src/verbs/upward.ts', "import '../service.ts';", 'src/verbs must not import src/service'],
  ['src/service-parts.ts', "import './cli/target.ts';", 'src/service must not import src/cli'],
  ['src/http/sideways.ts', "import '../mcp/target.ts';", 'src/http must not import src/mcp'],
  ['src/cli/adapter.ts', "import '../store/target.ts';", 'src/cli must not import src/store'],
  ['src/config-extra.ts', "import './store/target.ts';", 'src/config must not import src/store'],
  ['grammars/upward.ts', "import '../indexer/target.ts';", 'grammars must not import indexer'],
  ['indexer/adapter.ts', "import '../src/store/target.ts';", 'indexer must not import src/store'],
  ['indexer/test-code.ts', "import '../test/support/target.ts';", 'indexer must not import test/support/target.ts'],
  ['src/elsewhere/lost.ts', 'export {};', 'belongs to no layer'],
];

const ruleSamples: readonly Sample[] = [
  ['src/core/cycle-a.ts', "import type { B } from './cycle-b.ts';\nexport interface A { b: B }", 'import(no-cycle)'],
  ['src/core/cycle-b.ts', "import type { A } from './cycle-a.ts';\nexport interface B { a: A }", 'import(no-cycle)'],
  ['src/core/default.ts', 'export default 1;', 'import(no-default-export)'],
  ['src/core/barrel.ts', "export * from './target.ts';", 'oxc(no-barrel-file)'],
  ['src/core/camelCase.ts', 'export {};', 'unicorn(filename-case)'],
  ['src/core/long-file.ts', lines(301, '//'), 'eslint(max-lines)'],
  ['src/core/long-function.ts', `export function f(): void {\n${lines(60, '//')}}`, 'eslint(max-lines-per-function)'],
  ['src/core/parameters.ts', 'export const f = (a: 1, b: 1, c: 1, d: 1): 1[] => [a, b, c, d];', 'eslint(max-params)'],
  ['src/core/any.ts', 'export const value: any = 1;', 'typescript(no-explicit-any)'],
  ['src/core/boundary.ts', 'export function f() { return 1; }', 'typescript(explicit-module-boundary-types)'],
  ['src/core/floating.ts', 'export const f = (): void => { Promise.resolve(); };', 'typescript(no-floating-promises)'],
  [
    'src/core/misused.ts',
    'export const f = (): void => { [1].forEach(async () => {}); };',
    'typescript(no-misused-promises)',
  ],
  [
    'src/core/switch.ts',
    "export function f(x: 'a' | 'b'): void { switch (x) { case 'a': } }",
    'typescript(switch-exhaustiveness-check)',
  ],
  ['src/core/thrown.ts', "export const f = (): void => { throw 'text'; };", 'typescript(only-throw-error)'],
  ['src/core/printed.ts', 'console.log(1);', 'eslint(no-console)'],
  ['indexer/printed.ts', 'console.log(1);', 'eslint(no-console)'],
  ['src/core/environment.ts', "export const home = process.env['HOME'];", 'node(no-process-env)'],
  ['src/cli/environment.ts', "export const home = process.env['HOME'];", 'node(no-process-env)'],
  ['src/core/note.ts', '// TODO later\nexport {};', 'eslint(no-warning-comments)'],
  ['src/core/unused.ts', 'const unused = 1;\nexport {};', 'eslint(no-unused-vars)'],
  [
    'test/unit/focused.test.ts',
    "import { test, expect } from 'vitest';\ntest.only('x', () => expect(1).toBe(1));",
    'vitest(no-focused-tests)',
  ],
  [
    'test/unit/skipped.test.ts',
    "import { test, expect } from 'vitest';\ntest.skip('x', () => expect(1).toBe(1));",
    'vitest(no-disabled-tests)',
  ],
  ['test/unit/empty.test.ts', "import { test } from 'vitest';\ntest('x', () => {});", 'vitest(expect-expect)'],
];

const allowedSamples: readonly (readonly [string, string])[] = [
  ['src/core/allowed.ts', "import 'node:path';\nimport 'zod';\nimport './target.ts';"],
  ['src/store/lance/allowed.ts', "import 'apache-arrow';\nimport '../target.ts';\nimport '../../text/target.ts';"],
  ['src/guard/allowed.ts', "import '../../grammars/target.ts';"],
  ['indexer/allowed.ts', "import 'chokidar';\nimport '../grammars/target.ts';\nimport '../src/core/target.ts';"],
  ['src/service.ts', "import './store/target.ts';\nimport './verbs/target.ts';\nimport '../indexer/target.ts';"],
  ['src/cli/allowed.ts', "import '../http/target.ts';\nimport '../service.ts';\nconsole.log(1);"],
  ['src/config.ts', "export const home = process.env['HOME'];"],
];

let folder: string;
let findings: readonly Finding[];

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorekeep-lint-'));
  for (const file of ['.oxlintrc.json', '.ci/layers.mjs', 'tsconfig.json'])
    cpSync(join(root, file), join(folder, file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, text] of [...layerSamples, ...ruleSamples, ...allowedSamples]) write(file, text);
  const { stdout } = spawnSync(
    join(root, 'node_modules/.bin/oxlint'),
    ['-f', 'json', 'src', 'indexer', 'grammars', 'test'],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  findings = (JSON.parse(stdout) as { diagnostics: Finding[] }).diagnostics;
});
afterAll(() => rmSync(folder, { recursive: true }));

const findingsIn = (file: string): readonly Finding[] => findings.filter(({ filename }) => filename === file);

describe('layers', () => {
  test.each(layerSamples)('%s: %s', (file, _, message) => {
    expect(findingsIn(file)).toContainEqual(
      expect.objectContaining({ code: 'lorekeep(layers)', message: expect.stringContaining(message) }),
    );
  });

  test.each(allowedSamples)('%s may import what lies below', (file) => {
    expect(findingsIn(file).filter(({ code }) => /layers|console|process-env/.test(code))).toEqual([]);
  });
});

test.each(ruleSamples)('%s breaks a rule', (file, _, rule) => {
  expect(findingsIn(file).map(({ code }) => code)).toContain(rule);
});

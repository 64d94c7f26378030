import { on } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EvaluationReport } from '../../src/verbs/evaluation/evaluation-report.ts';
import { createSandbox, outcomeOf } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';
import { commitFiles, initRepository } from '../support/git-project.ts';

let sandbox: Sandbox;
let shop: string;
let temporary: string;

beforeAll(() => {
  sandbox = createSandbox();
  shop = sandbox.copyProject('shop');
  temporary = join(sandbox.home, 'tmp');
  mkdirSync(temporary);
  initRepository(shop);
  commitFiles(shop, 'First state of the shop', {});
  commitFiles(shop, 'Passwords are compared in constant time', {
    'api/password.ts': `${readFileSync(join(shop, 'api/password.ts'), 'utf8')}\n// Compared with care.\n`,
  });
  commitFiles(shop, 'Mails wait longer after each failure', {
    'worker/backoff.go': `${readFileSync(join(shop, 'worker/backoff.go'), 'utf8')}\n// Waits longer.\n`,
    'docs/login.md': '# Login\n\nThe `checkPassword` function tells whether somebody may sign in.\n',
  });
});
afterAll(() => sandbox.remove());

/** Runs `lorekeep eval` with a folder of its own for temporary files. */
async function evaluation(...words: readonly string[]): Promise<EvaluationReport> {
  const { status, stdout, stderr } = await outcomeOf(
    sandbox.start(shop, ['eval', ...words, '--json'], { TMPDIR: temporary }),
  );
  expect([status, stderr]).toEqual([0, expect.any(String)]);
  return JSON.parse(stdout) as EvaluationReport;
}

test('asks what the history and the documents give, after making an index', async () => {
  const report = await evaluation('--save', 'questions.jsonl');
  expect(report).toMatchObject({
    project: 'shop',
    questions: 3,
    settings: { embedder: expect.any(String), chunkCharacters: 560 },
    bySource: { commit: { questions: 2 }, document: { questions: 1 } },
  });
  expect(report.scores.hit5.mean).toBe(1);
  const saved = readFileSync(join(shop, 'questions.jsonl'), 'utf8').trim().split('\n');
  expect(saved.map((line) => JSON.parse(line))).toContainEqual({
    query: 'The function tells whether somebody may sign in.',
    relevant: [{ path: 'api/password.ts' }],
    source: 'document',
    takenFrom: 'docs/login.md',
  });
  expect(await evaluation('--queries', 'questions.jsonl')).toEqual(report);
});

test('compares with other settings, and leaves nothing of them behind', async () => {
  const before = await sandbox.json(shop, 'status');
  const report = await evaluation('--against', 'embedder=none', '--against', 'chunkCharacters=200');
  expect(report.against).toMatchObject({
    settings: { embedder: 'none', chunkCharacters: 200 },
    scores: { hit5: { mean: expect.any(Number) } },
    difference: { ndcg10: { mean: expect.any(Number) } },
    worse: expect.any(Array),
    better: expect.any(Array),
  });
  expect(await sandbox.json(shop, 'status')).toEqual(before);
  expect(readdirSync(temporary)).toEqual([]);
});

test('reads well on paper', async () => {
  const { status, stdout, stderr } = await sandbox.run(shop, 'eval', '--against', 'embedder=none', '--questions', '2');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^shop {2}2 questions \(/);
  expect(stdout).toContain('difference');
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('Ctrl-C while the other index is made leaves nothing behind', async () => {
  const large = join(sandbox.home, 'code', 'large');
  const lines = Array.from({ length: 60 }, (_, index) => `export function f${index}() {\n  return ${index};\n}\n`);
  mkdirSync(large);
  for (let file = 0; file < 600; file += 1) writeFileSync(join(large, `part-${file}.ts`), lines.join('\n'));
  writeFileSync(join(large, 'questions.jsonl'), '{"query":"f7","relevant":[{"path":"part-1.ts"}]}\n');
  await sandbox.json(large, 'index', '--embedder', 'none');
  const words = ['eval', '--queries', 'questions.jsonl', '--against', 'chunkCharacters=200'];
  const watcher = watch(temporary, { recursive: true });
  const child = sandbox.start(large, words, { TMPDIR: temporary });
  const outcome = outcomeOf(child);
  // Files are being recorded in the other index: its run is on its way.
  for await (const [, name] of on(watcher, 'change')) if (String(name).endsWith('catalogue.sqlite-wal')) break;
  watcher.close();
  child.kill('SIGINT');
  expect(await outcome).toMatchObject({ status: 130, stdout: '' });
  expect(readdirSync(temporary)).toEqual([]);
});

test('says what is needed where there is nothing to ask about', async () => {
  const plain = join(sandbox.home, 'code', 'plain');
  mkdirSync(plain);
  writeFileSync(join(plain, 'a.ts'), 'export const a = 1;\n');
  const { status, stderr } = await sandbox.run(plain, 'eval');
  expect([status, stderr]).toEqual([2, expect.stringContaining('that takes a git history')]);
});

test('refuses what is wrong before it asks anything', async () => {
  const missing = await sandbox.run(shop, 'eval', '--queries', 'nowhere.jsonl');
  expect([missing.status, missing.stderr]).toEqual([1, expect.stringContaining('nowhere.jsonl')]);
  writeFileSync(join(shop, 'empty.jsonl'), '\n');
  expect(await sandbox.run(shop, 'eval', '--queries', 'empty.jsonl')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('holds no questions'),
  });
  expect(await sandbox.run(shop, 'eval', '--against', 'embedder=magic')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--embedder: "embedder"'),
  });
});

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';

interface Place {
  readonly project: string;
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}
interface Found {
  readonly hits: readonly (Place & { score: number; text: string; signals: unknown[] })[];
  readonly mode: string;
}
interface Answered {
  readonly mode: string;
  readonly answer: string;
  readonly citations: readonly Place[];
  readonly notices: readonly string[];
}

let sandbox: Sandbox;
let shop: string;
let first: Record<string, number>;

beforeAll(async () => {
  sandbox = createSandbox();
  shop = sandbox.copyProject('shop');
  writeFileSync(join(shop, '.env'), 'PAYMENT_KEY=do-not-read\n');
  writeFileSync(join(shop, 'logo.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]));
  writeFileSync(join(shop, 'odd\n\u001b[31mname.md'), '# A zebra crossing\n');
  first = await sandbox.json(shop, 'index');
});
afterAll(() => sandbox.remove());

describe('index and status', () => {
  test('the outcome has the stable fields', () => {
    expect(first).toMatchObject({
      project: 'shop',
      skipped: 2,
      files: expect.any(Number),
      chunks: expect.any(Number),
      degraded: expect.any(Number),
    });
    expect(first['files']).toBe(12);
    expect(first['chunks']).toBeGreaterThanOrEqual(12);
    expect(first['bytes']).toBeGreaterThan(4_000);
    expect(first['elapsedMs']).toBeGreaterThan(0);
  });

  test('a second run reads nothing, an edited file alone is read again', async () => {
    expect(await sandbox.json(shop, 'index')).toMatchObject({
      parsed: 0,
      changed: 0,
      removed: 0,
      files: first['files'],
      chunks: first['chunks'],
    });
    writeFileSync(join(shop, 'docs', 'new.md'), '# Giraffes\n\nA note on giraffes.\n');
    expect(await sandbox.json(shop, 'index')).toMatchObject({ added: 1, parsed: 1, changed: 0, removed: 0 });
    const { hits } = await sandbox.json<Found>(shop, 'search', 'giraffes');
    expect(hits[0]).toMatchObject({ project: 'shop', path: 'docs/new.md' });
  });

  test('status --skipped names every file left out, with the reason', async () => {
    const status = await sandbox.json<Record<string, unknown>>(shop, 'status', '--skipped');
    expect(status['skipped']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: '.env', reason: 'secret' }),
        expect.objectContaining({ path: 'logo.png', reason: 'binary' }),
      ]),
    );
    expect(status).toMatchObject({
      project: 'shop',
      root: shop,
      skippedFiles: 2,
      degraded: expect.any(Array),
      embedder: { model: 'builtin', dimension: 128 },
    });
    expect(Date.parse(String(status['lastCompletedRun']))).not.toBeNaN();
  });

  test('index data lies outside the project, for this user only', async () => {
    const { stdout } = await sandbox.run(shop, 'status');
    expect(stdout).toContain(sandbox.dataFolder);
  });
});

describe('explain', () => {
  test('tells a general question from one about the project', async () => {
    const general = await sandbox.json(shop, 'explain', '用Go实现一个快速排序算法');
    expect(general).toMatchObject({ route: { kind: 'none' }, found: null });
    const own = await sandbox.json(shop, 'explain', 'where do we decide how long to wait before a retry?');
    expect(own).toMatchObject({ route: { kind: 'hybrid' }, found: { projects: ['shop'] } });
    const { stdout } = await sandbox.run(shop, 'explain', 'thanks!');
    expect(stdout).toMatch(/^No code of this project is needed\. .+ \(\d+ % sure\)\n$/);
  });
});

describe('search', () => {
  test('finds a function by what it does, with exact lines', async () => {
    const { hits, mode } = await sandbox.json<Found>(
      shop,
      'search',
      'check a password against its stored hash',
      '--limit',
      '3',
    );
    expect(mode).toBe('hybrid');
    expect(hits.length).toBeLessThanOrEqual(3);
    expect(hits[0]).toMatchObject({ project: 'shop', path: 'api/password.ts' });
    expect(hits[0]?.text).toContain('timingSafeEqual(hashPassword');
    expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).toSorted((a, b) => b - a));
  });

  test('narrows by path and by language', async () => {
    const byPath = await sandbox.json<Found>(shop, 'search', 'reminder invoice', '--path', 'docs/**');
    expect(byPath.hits.length).toBeGreaterThan(0);
    expect(byPath.hits.every(({ path }) => path.startsWith('docs/'))).toBe(true);
    const byLanguage = await sandbox.json<Found>(shop, 'search', 'backoff retry', '--language', 'go');
    expect(byLanguage.hits[0]?.path).toBe('worker/backoff.go');
    expect(byLanguage.hits.every(({ path }) => path.endsWith('.go'))).toBe(true);
  });

  test('says so when no file is in the language', async () => {
    expect((await sandbox.run(shop, 'search', 'x', '--language', 'cobol')).stderr).toContain(
      'No indexed file is in "cobol". There are: go,',
    );
  });

  test('works from a subfolder, by name and by folder', async () => {
    const question = ['search', 'Backoff', '--limit', '1'];
    const place = { project: 'shop', path: 'worker/backoff.go' };
    expect((await sandbox.json<Found>(join(shop, 'docs'), ...question)).hits[0]).toMatchObject(place);
    expect((await sandbox.json<Found>(sandbox.home, ...question, '--project', 'shop')).hits[0]).toMatchObject(place);
    expect((await sandbox.json<Found>(sandbox.home, ...question, '-p', 'code/shop')).hits[0]).toMatchObject(place);
  });

  test('a hostile file name does not reach the terminal raw, and reaches a program unchanged', async () => {
    const { stdout } = await sandbox.run(shop, 'search', 'zebra crossing', '--limit', '1');
    expect(stdout).toContain('odd\\n\\x1b[31mname.md:1');
    const { hits } = await sandbox.json<Found>(shop, 'search', 'zebra crossing', '--limit', '1');
    expect(hits[0]?.path).toBe('odd\n\u001b[31mname.md');
  });
});

describe('ask', () => {
  test('without a model server gives the evidence, and says how to get answers', async () => {
    const answer = await sandbox.json<Answered>(shop, 'ask', 'how are passwords checked?');
    expect(answer.mode).toBe('evidence');
    expect(answer.citations[0]).toMatchObject({
      project: 'shop',
      path: expect.any(String),
      startLine: expect.any(Number),
      endLine: expect.any(Number),
    });
    expect(answer.citations.map(({ path }) => path)).toContain('api/password.ts');
    expect(answer.answer).toContain('checkPassword');
    expect(answer.notices.join(' ')).toMatch(/ollama/i);
  });

  test('reads well on paper', async () => {
    const { status, stdout, stderr } = await sandbox.run(
      shop,
      'ask',
      'how',
      'are',
      'passwords',
      'checked',
      '--no-model',
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\[1\] \S+:\d+/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('--file adds a file that is not indexed', async () => {
    writeFileSync(join(sandbox.home, 'build.log'), 'error E77: the flux capacitor is missing\n');
    const answer = await sandbox.json<Answered>(
      shop,
      'ask',
      'what is error E77?',
      '--file',
      join(sandbox.home, 'build.log'),
    );
    expect(answer.citations.some(({ path }) => path.endsWith('build.log'))).toBe(true);
  });

  test('--file refuses what is missing or secret', async () => {
    const missing = await sandbox.run(shop, 'ask', 'x', '--file', 'nowhere.log');
    expect([missing.status, missing.stderr]).toEqual([1, expect.stringContaining('nowhere.log')]);
    const secret = await sandbox.run(shop, 'ask', 'x', '--file', '.env');
    expect(secret.status).not.toBe(0);
    expect(secret.stderr).toContain('.env');
    expect(secret.stdout + secret.stderr).not.toContain('do-not-read');
  });

  test('refuses a model server elsewhere', async () => {
    const { status, stderr } = await sandbox.run(shop, 'ask', 'x', '--model-url', 'http://models.example:11434');
    expect([status, stderr]).toEqual([7, expect.stringContaining('models.example')]);
  });

  test('a folder that was never indexed is indexed first', async () => {
    const fresh = sandbox.copyProject('shop', 'fresh');
    const answer = await sandbox.json<Answered>(fresh, 'ask', 'how long does a session last?');
    expect(answer.citations.map(({ project }) => project)).toContain('fresh');
  });
});

describe('projects', () => {
  test('two are searched together and told apart; names stay unique', async () => {
    const twin = sandbox.copyProject('shop', 'other/shop');
    expect(await sandbox.json(twin, 'index')).toMatchObject({ project: expect.stringMatching(/^shop.+/) });
    const { projects } = await sandbox.json<{ projects: { name: string; root: string }[] }>(sandbox.home, 'projects');
    const name = projects.find(({ root }) => root === twin)?.name ?? '';
    const { hits } = await sandbox.json<Found>(sandbox.home, 'search', 'Backoff', '-p', 'shop', '-p', name);
    expect(new Set(hits.filter(({ path }) => path === 'worker/backoff.go').map(({ project }) => project))).toEqual(
      new Set(['shop', name]),
    );
  });

  test('a moved folder keeps its index', async () => {
    const before = sandbox.copyProject('shop', 'moving');
    await sandbox.json(before, 'index');
    const after = join(sandbox.home, 'code', 'moved');
    renameSync(before, after);
    expect(await sandbox.json(after, 'index')).toMatchObject({ project: 'moving', parsed: 0 });
  });

  test('a removed project is gone, its files stay', async () => {
    const gone = sandbox.copyProject('shop', 'gone');
    await sandbox.json(gone, 'index', '--name', 'short-lived');
    expect(await sandbox.json(sandbox.home, 'remove', 'short-lived')).toMatchObject({
      removed: { name: 'short-lived', root: gone },
    });
    expect((await sandbox.run(sandbox.home, 'search', 'x', '--project', 'short-lived')).status).toBe(3);
    expect(await sandbox.json(gone, 'index')).toMatchObject({ files: 11 });
  });

  test('--rebuild and --data make an index anew and elsewhere', async () => {
    expect(await sandbox.json(shop, 'index', '--rebuild')).toMatchObject({
      project: 'shop',
      parsed: Number(first['files']) + 1,
    });
    const data = join(sandbox.home, 'elsewhere');
    expect(await sandbox.json(shop, 'index', '--data', data)).toMatchObject({ project: 'shop' });
    expect(await sandbox.json(shop, 'status', '--data', data)).toMatchObject({
      indexFolder: expect.stringContaining(data),
    });
  });
});

describe('what is probably a mistake', () => {
  test('a question in the home folder does not index the home folder', async () => {
    const { status, stderr } = await sandbox.run(sandbox.home, 'search', 'x');
    expect([status, stderr]).toEqual([3, expect.stringContaining('is your home folder')]);
  });

  test('nor a folder that holds projects', async () => {
    const { status, stderr } = await sandbox.run(join(sandbox.home, 'code'), 'ask', 'x');
    expect([status, stderr]).toEqual([3, expect.stringContaining('holds')]);
  });

  test('status of a folder without an index says what to run', async () => {
    const empty = join(sandbox.home, 'empty');
    mkdirSync(empty);
    expect(await sandbox.run(empty, 'status')).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('Run `lorekeep index`'),
    });
  });

  test('a project file cannot send code elsewhere', async () => {
    const hostile = sandbox.copyProject('shop', 'hostile');
    writeFileSync(
      join(hostile, '.lorekeep.json'),
      JSON.stringify({ modelUrl: 'http://evil.example', allowedHosts: ['evil.example'] }),
    );
    const { status, stderr } = await sandbox.run(hostile, 'ask', 'x');
    expect([status, stderr]).toEqual([2, expect.stringContaining('must not set')]);
  });
});

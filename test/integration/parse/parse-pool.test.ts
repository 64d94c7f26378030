import { afterEach, describe, expect, it } from 'vitest';
import { resolveChunkOptions } from '../../../indexer/chunk/chunk-options.ts';
import { parseInOrder } from '../../../indexer/parse/parse-in-order.ts';
import type { ParseJob } from '../../../indexer/parse/parse-job.ts';
import { ParsePool, type ParsePoolOptions } from '../../../indexer/parse/parse-pool.ts';

const fakeWorker = new URL('../../support/fake-parse-worker.ts', import.meta.url);
const pools: ParsePool[] = [];
const quarantined: string[] = [];

function openPool(given: Partial<ParsePoolOptions> = {}): ParsePool {
  const pool = new ParsePool({
    chunkOptions: resolveChunkOptions(),
    threads: 2,
    quarantined: new Set(),
    onQuarantine: (hash) => quarantined.push(hash),
    hangMs: 300,
    workerUrl: fakeWorker,
    ...given,
  });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  quarantined.length = 0;
});

const job = (path: string): ParseJob => ({ path, absolute: `/p/${path}`, knownHash: null, linesOnly: false });
const planned = (path: string): { job: ParseJob; bytes: number } => ({ job: job(path), bytes: 1 });

/** Path and detail of each answer. */
async function parseAll(pool: ParsePool, paths: readonly string[]): Promise<string[]> {
  const replies = await Promise.all(paths.map((path) => pool.parse(job(path))));
  return replies.map(({ outcome }) =>
    outcome.kind === 'skipped' ? `${outcome.skipped.path}: ${outcome.skipped.detail}` : outcome.kind,
  );
}

const many = Array.from({ length: 20 }, (_, at) => `file${at}`);

describe('ParsePool', () => {
  it('answers every job', async () => {
    expect(await parseAll(openPool(), many)).toEqual(many.map((path) => `${path}: parsed`));
    expect(quarantined).toEqual([]);
  });

  it('ends a parse that hangs, quarantines its content and goes on by lines', async () => {
    expect(await parseAll(openPool(), ['hang', ...many])).toEqual([
      'hang: by lines',
      ...many.map((path) => `${path}: parsed`),
    ]);
    expect(quarantined).toEqual(['ab'.repeat(32)]);
  });

  it('survives a thread that breaks, and loses no job sent ahead to it', async () => {
    expect(await parseAll(openPool({ threads: 1 }), ['ok', 'crash', ...many])).toEqual([
      'ok: parsed',
      'crash: by lines',
      ...many.map((path) => `${path}: parsed`),
    ]);
    expect(quarantined).toEqual(['ab'.repeat(32)]);
  });

  it('skips a file that breaks its thread even by lines, and says so', async () => {
    const [first, poison] = await parseAll(openPool({ threads: 1 }), ['ok', 'poison']);
    expect(first).toBe('ok: parsed');
    expect(poison).toBe('poison: reading it ended a worker: no way to read it');
    expect(quarantined).toEqual([]);
  });

  it('replaces threads that ask for it', async () => {
    const paths = many.map((path, at) => (at % 3 === 0 ? `retire${at}` : path));
    expect(await parseAll(openPool(), paths)).toEqual(paths.map((path) => `${path}: parsed`));
  });

  it('replaces threads after so many files', async () => {
    const pool = openPool({ threads: 1, maxFilesPerThread: 4 });
    const seen: string[] = [];
    for (let at = 0; at < 9; at++) seen.push(...(await parseAll(pool, ['count'])));
    expect(seen).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1].map((nth) => `count: as number ${nth}`));
  });

  it('does what is urgent before what has not been sent to a thread', async () => {
    const pool = openPool({ threads: 1 });
    const done: string[] = [];
    const all = Array.from({ length: 200 }, (_, at) => pool.parse(job(`file${at}`)).then(() => done.push(`file${at}`)));
    await Promise.all([...all, pool.parse(job('urgent'), true).then(() => done.push('urgent'))]);
    expect(done).toHaveLength(201);
    expect(done.indexOf('urgent')).toBeLessThan(50);
  });

  it('gives idle threads back, and starts them again', async () => {
    const pool = openPool({ threads: 2 });
    await parseAll(pool, many);
    expect(pool.running).toBeGreaterThan(0);
    await pool.rest();
    expect(pool.running).toBe(0);
    expect(await parseAll(pool, ['count'])).toEqual(['count: as number 1']);
  });

  it('refuses jobs once it is closed', async () => {
    const pool = openPool();
    await pool.close();
    await expect(pool.parse(job('file'))).rejects.toMatchObject({ code: 'aborted' });
    await expect(pool.parse(job('file'), true)).rejects.toMatchObject({ code: 'aborted' });
  });

  it('says that threads do not start instead of skipping all files', async () => {
    const pool = openPool({ workerUrl: new URL('./no-such-worker.ts', import.meta.url) });
    await expect(pool.parse(job('file'))).rejects.toMatchObject({ code: 'internal' });
  });

  it('rejects what is unanswered when it closes', async () => {
    const pool = openPool({ hangMs: 60_000 });
    const replies = Promise.allSettled([pool.parse(job('hang1')), pool.parse(job('hang2')), pool.parse(job('file'))]);
    await pool.close();
    for (const reply of await replies) expect(reply).toMatchObject({ reason: { code: 'aborted' } });
  });
});

describe('parseInOrder', () => {
  it('yields in the planned order though a file hangs for a while', async () => {
    const paths = ['hang', ...many];
    const seen: string[] = [];
    for await (const parsed of parseInOrder(paths.map(planned), openPool())) seen.push(parsed.planned.job.path);
    expect(seen).toEqual(paths);
  });

  it('ends early when stopped', async () => {
    const controller = new AbortController();
    const seen: string[] = [];
    for await (const parsed of parseInOrder(many.map(planned), openPool(), { signal: controller.signal })) {
      seen.push(parsed.planned.job.path);
      if (seen.length === 3) controller.abort();
    }
    expect(seen).toEqual(many.slice(0, 3));
  });
});

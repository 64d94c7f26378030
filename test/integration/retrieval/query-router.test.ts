import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { indexProject } from '../../../indexer/run/index-project.ts';
import { createIgnoreMatcher } from '../../../indexer/walk/walk.ts';
import { BuiltinEmbedder } from '../../../src/model/builtin/builtin-embedder.ts';
import { SignalRouter } from '../../../src/retrieval/routing/query-router.ts';
import model from '../../../src/retrieval/routing/route-model.json' with { type: 'json' };
import { signalNames } from '../../../src/retrieval/routing/route-signals.ts';
import { openIndexForWriting, type WritableIndex } from '../../../src/store/index-folder.ts';

const project = fileURLToPath(new URL('../../fixtures/projects/parcel-desk', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lorekeep-router-'));
let index: WritableIndex;
let router: SignalRouter;
beforeAll(async () => {
  const embedder = new BuiltinEmbedder();
  index = await openIndexForWriting(join(folder, 'index'), await embedder.identity());
  const catalogue = { reader: index.catalogue, writer: index.writer };
  const parts = { matcher: createIgnoreMatcher(project, {}), catalogue, store: index.store, embedder };
  await indexProject(parts, { now: () => new Date() });
  router = new SignalRouter({ catalogue: index.catalogue });
});
afterAll(async () => {
  await index.close();
  rmSync(folder, { recursive: true, force: true });
});

const routeOf = (question: string, history: readonly string[] = []) => router.route({ question, history });

describe('SignalRouter', () => {
  test.each([
    '用Go实现一个快速排序算法',
    'what is the difference between a stack and a queue',
    'write a python script that renames all files in a folder',
    'hello, who are you?',
    '### Task:\nSuggest 3-5 relevant follow-up questions based on the chat history',
    '',
  ])('retrieves nothing for: %s', async (question) => {
    const route = await routeOf(question);
    expect(route).toMatchObject({ kind: 'none', files: [] });
    expect(route.reason).not.toBe('');
    expect(route.confidence).toBeGreaterThanOrEqual(0.5);
  });

  test.each([
    'where do we limit how often a caller may ask?',
    '这个项目的入口在哪里',
    'how does the rate limiter refill its buckets',
  ])('searches for: %s', async (question) => {
    expect((await routeOf(question)).kind).toBe('hybrid');
  });

  test('looks up a symbol that the project defines, and says its name', async () => {
    const route = await routeOf('what does RateLimiter do here');
    expect(route).toMatchObject({ kind: 'symbol', reason: expect.stringContaining('RateLimiter') });
  });

  test('reads the files that a message names', async () => {
    const route = await routeOf('summarise api/src/rate-limiter.ts');
    expect(route).toMatchObject({ kind: 'files', files: ['api/src/rate-limiter.ts'] });
  });

  test('a stack trace names files without asking for them', async () => {
    const trace = 'why does this fail?\n```\nError: no token\n    at take (api/src/rate-limiter.ts:12:9)\n```';
    expect(await routeOf(trace)).toMatchObject({ kind: 'hybrid', files: [] });
  });

  test('a file name that any project may have is no proof', async () => {
    expect(await routeOf('write a package.json for a todo app in React')).toMatchObject({ kind: 'none' });
  });

  test('a name that only another project would have does not make a message one about this project', async () => {
    expect(await routeOf('what is the difference between HashMap and LinkedHashMap in Java')).toMatchObject({
      kind: 'none',
    });
  });

  test('decides the same each time', () => {
    const question = 'how are couriers assigned';
    const decisions = Array.from({ length: 3 }, () => router.decide({ question, history: [] }));
    expect(decisions[1]).toEqual(decisions[0]);
    expect(decisions[2]).toEqual(decisions[0]);
  });

  test.each([
    ['where is RateLimiter used?', 1],
    ['explain the difference between TCP and UDP', -1],
  ])('a follow-up is about what the conversation is about: %s', (before, sign) => {
    const { signals } = router.decide({ question: 'and what about that?', history: [before] });
    expect(Math.sign(signals[signalNames.indexOf('history')] ?? 0)).toBe(sign);
    const { signals: alone } = router.decide({ question: 'and what about that?', history: [] });
    expect(alone[signalNames.indexOf('history')]).toBe(0);
  });

  test('one message that could be about anything does not turn a general conversation', async () => {
    const history = ['explain how JWT authentication works between a web page and an API', 'where should it be stored'];
    expect(await routeOf('and if it has expired?', history)).toMatchObject({ kind: 'none' });
  });

  test('stops when it is told to', async () => {
    await expect(router.route({ question: 'where?', history: [] }, AbortSignal.abort())).rejects.toThrow(/abort/i);
  });

  test('has a weight for each signal', () => {
    expect(model.signals).toEqual(signalNames);
    expect(model.weights).toHaveLength(signalNames.length);
  });
});

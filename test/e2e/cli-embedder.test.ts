import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SearchReport, StatusReport } from '../../src/verbs/reports.ts';
import { createSandbox, outcomeOf } from '../support/cli-process.ts';
import type { Sandbox } from '../support/cli-process.ts';
import { embedWords, openaiError, startFakeOpenai } from '../support/fake-openai.ts';
import { sendJson } from '../support/fake-server.ts';
import type { FakeServer, SeenRequest } from '../support/fake-server.ts';

let sandbox: Sandbox;
let shop: string;

beforeAll(async () => {
  sandbox = createSandbox();
  shop = sandbox.copyProject('shop');
  await sandbox.json(shop, 'index');
});
afterAll(() => sandbox.remove());

const question = 'check a password against its stored hash';

/** Searches, and looks up what embedder the index was made with. */
async function searched(...flags: string[]) {
  const { mode, notices, hits } = await sandbox.json<SearchReport>(shop, 'search', question, ...flags);
  const { embedder } = await sandbox.json<StatusReport>(shop, 'status');
  return {
    mode,
    notices,
    embedder: embedder?.model ?? null,
    isFound: hits.some(({ path }) => path === 'api/password.ts'),
  };
}
const textsOf = ({ body }: SeenRequest): readonly string[] => body['input'] as readonly string[];
const questions = (server: FakeServer): number =>
  server.seen.filter(({ body }) => 'input' in body).filter((request) => textsOf(request)[0] === question).length;

describe('an index whose embedder changes', () => {
  test('serves as it was until the new one is complete, through every kind of embedder', async () => {
    const embedding = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    await using server = await startFakeOpenai({
      '/v1/embeddings': async (response, request) => {
        if (textsOf(request).length > 1) {
          embedding.resolve();
          await held.promise;
        }
        await embedWords(response, request);
      },
    });
    const flags = ['--embedder-url', `${server.url}/v1`];
    const builtin = { mode: 'hybrid', notices: [], embedder: 'builtin', isFound: true };
    expect(await searched()).toEqual(builtin);

    const indexing = outcomeOf(sandbox.start(shop, ['index', '--embedder', 'openai:tiny', ...flags, '--json']));
    await Promise.race([embedding.promise, indexing]);
    expect(await searched()).toEqual(builtin);
    expect(questions(server)).toBe(0);
    held.resolve();
    const { status, stdout } = await indexing;
    expect([status, JSON.parse(stdout)]).toMatchObject([
      0,
      { embedder: 'openai:tiny', notices: [expect.stringContaining('made anew')] },
    ]);
    expect(await searched(...flags)).toEqual({ ...builtin, embedder: 'openai:tiny' });
    expect(questions(server)).toBe(1);

    // The index remembers its embedder, and the cache its vectors: the server embeds nothing but the measured word.
    const seen = server.seen.length;
    await sandbox.json(shop, 'index', '--rebuild', ...flags);
    expect(server.seen.slice(seen).map(({ path, body }) => [path, body['input']])).toEqual([
      ['/v1/embeddings', ['dimension']],
      ['/v1/models', undefined],
    ]);

    await sandbox.json(shop, 'index', '--embedder', 'none');
    expect(await searched()).toEqual({ ...builtin, mode: 'lexical', embedder: null });
    await sandbox.json(shop, 'index', '--embedder', 'builtin');
    expect(await searched()).toEqual(builtin);
  });

  test('stays as it is when the server refuses, and the failure says what to do', async () => {
    await using server = await startFakeOpenai({
      '/v1/embeddings': (response, request) =>
        request.authorization === 'Bearer right'
          ? embedWords(response, request)
          : sendJson(response, openaiError('no'), 401),
    });
    const words = ['index', '--embedder', 'openai:tiny', '--embedder-url', `${server.url}/v1`];
    const before = await searched();
    const refused = await outcomeOf(sandbox.start(shop, words, { LOREKEEP_EMBEDDER_KEY: 'wrong' }));
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('LOREKEEP_EMBEDDER_KEY') });
    expect(refused.stderr).not.toContain('wrong');
    expect(await searched()).toEqual(before);
    const taken = await outcomeOf(sandbox.start(shop, words, { LOREKEEP_EMBEDDER_KEY: 'right' }));
    expect(taken).toMatchObject({ status: 0 });
  });

  test('is searched by words, with a notice, where its server is gone', async () => {
    await sandbox.json(shop, 'index', '--embedder', 'builtin');
    {
      await using server = await startFakeOpenai();
      await sandbox.json(shop, 'index', '--embedder', 'openai:tiny', '--embedder-url', `${server.url}/v1`);
    }
    expect(await searched('--embedder-url', 'http://127.0.0.1:9/v1')).toMatchObject({
      mode: 'lexical',
      notices: [expect.stringContaining('--embedder-url')],
      isFound: true,
    });
  });
});

test('lorekeep config tells that a key is set, never the key', async () => {
  const key = { LOREKEEP_EMBEDDER_KEY: 'k-secret' };
  const shown = await outcomeOf(sandbox.start(shop, ['config'], key));
  expect(shown.stdout).toContain('embedderKey = "set"  (LOREKEEP_EMBEDDER_KEY)');
  const json = await outcomeOf(sandbox.start(shop, ['config', '--json'], key));
  expect(JSON.parse(json.stdout)).toMatchObject({ values: { embedderKey: 'set', embedderUrl: expect.any(String) } });
  expect(shown.stdout + json.stdout).not.toContain('k-secret');
  expect((await sandbox.run(shop, 'config')).stdout).toContain('embedderKey = "not set"  (default)');
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chatLine, lastLine, listedModel, sendLines, startFakeOllama } from '../../support/fake-ollama.ts';
import type { FakeServer } from '../../support/fake-server.ts';
import { startService } from '../../support/running-service.ts';
import type { RunningService } from '../../support/running-service.ts';

/** What the models of the fake do: things that a real server cannot be made to do. */
const behaviours = ['good', 'hangs', 'garbles', 'dies', 'waits', 'fails'] as const;
type Behaviour = (typeof behaviours)[number];

const messages = [{ role: 'user', content: 'Say hello.' }];
/** Each protocol with its error, as a body and as the last piece of a stream. */
const protocols = [
  ['Ollama', '/api/chat', (error: object) => ({ error: (error as { message: unknown }).message })],
  ['OpenAI', '/v1/chat/completions', (error: object) => ({ error })],
  ['Anthropic', '/v1/messages', (error: object) => ({ type: 'error', error })],
] as const;

let ollama: FakeServer;
let service: RunningService;
/** Lets the model that waits go on; the other tells that it has been asked. */
let release = Promise.withResolvers<void>();
let arrived = Promise.withResolvers<void>();
let otherKey = '';
let isFailing = true;

beforeAll(async () => {
  ollama = await startFakeOllama({
    '/api/tags': { models: behaviours.map(listedModel) },
    '/api/chat': async (response, { body }) => {
      const behaviour = String(body['model']).replace(':latest', '') as Behaviour;
      const isHalf = behaviour === 'garbles' || behaviour === 'dies';
      if (isHalf) sendLines(response, [chatLine('Half')], false);
      if (behaviour === 'garbles') response.end('{"message": {"content": "a\n');
      if (behaviour === 'dies') setImmediate(() => response.destroy());
      const isBroken = behaviour === 'fails' && isFailing;
      if (isBroken) response.destroy();
      if (behaviour === 'hangs' || isHalf || isBroken) return;
      if (behaviour === 'waits') {
        arrived.resolve();
        await release.promise;
      }
      sendLines(response, [chatLine('Hello.'), lastLine()]);
    },
  });
  const limits = ['--model-idle-timeout-ms', '700', '--generation-slots', '1', '--queue-length', '1'];
  service = await startService({ modelUrl: ollama.url, words: limits });
  const { sandbox } = service;
  otherKey = (await sandbox.json<{ key: string }>(sandbox.home, 'keys', 'create', 'other')).key;
});

afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await ollama[Symbol.asyncDispose]();
});

const ask = (path: string, model: Behaviour, { stream = false, ...init }: RequestInit & { stream?: boolean } = {}) =>
  service.call(path, { model, messages, stream, max_tokens: 5 }, init);

/** The last piece of a stream that ends as its protocol says it must. */
async function lastPiece(reply: Response): Promise<unknown> {
  const lines = (await reply.text()).trimEnd().split('\n');
  return JSON.parse((lines.at(-1) ?? '').replace(/^data: /, ''));
}

async function expectToGoOn(path: string): Promise<void> {
  const reply = await ask(path, 'good');
  expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('Hello.')]);
}

test('a model that fails again and again is left alone', async () => {
  const asked = (): number => ollama.seen.filter(({ body }) => String(body['model']).startsWith('fails')).length;
  for (let failures = 0; failures < 4; failures += 1) expect((await ask('/api/chat', 'fails')).status).toBe(503);
  const before = asked();
  const refused = await ask('/api/chat', 'fails');
  expect([refused.status, asked()]).toEqual([503, before]);
  expect(await refused.json()).toEqual({ error: expect.stringContaining('left alone for a moment') });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await service.auditOf(refused)).toMatchObject({ status: 503, error: 'model_unavailable' });
  await expectToGoOn('/api/chat');
});

describe.each(protocols)('a client of %s', (_, path, shape) => {
  test('is told within the limit that a model hangs', async () => {
    const reply = await ask(path, 'hangs', { stream: true });
    expect(reply.status).toBe(504);
    expect(await reply.json()).toMatchObject(shape({ message: expect.stringContaining('within 0.7 s') }));
    expect(await service.auditOf(reply)).toMatchObject({ status: 504, error: 'model_timeout', model: 'hangs:latest' });
    await expectToGoOn(path);
  });

  test.each([
    ['garbles', 'breaks off or is no JSON'],
    ['dies', 'failed'],
  ] as const)('is told in mid-stream that a model %s', async (behaviour, words) => {
    const reply = await ask(path, behaviour, { stream: true });
    expect(reply.status).toBe(200);
    expect(await lastPiece(reply)).toMatchObject(shape({ message: expect.stringContaining(words) }));
    const line = { status: 200, error: 'model_unavailable', model: `${behaviour}:latest` };
    expect(await service.auditOf(reply)).toMatchObject(line);
    await expectToGoOn(path);
  });

  test('is refused at once where the queue is full: its own requests, or those of others', async () => {
    release = Promise.withResolvers();
    arrived = Promise.withResolvers();
    const running = ask(path, 'waits');
    await arrived.promise;
    const next = [1, 2, 3].map(() => ask(path, 'waits'));
    const refused = await settled(next, 2);
    const other = await ask(path, 'waits', { headers: { authorization: `Bearer ${otherKey}` } });
    expect([...refused, other].map(({ status }) => status)).toEqual([429, 429, 503]);
    expect(await refused[0]?.json()).toMatchObject(shape({ message: expect.stringContaining('Too many') }));
    expect(await other.json()).toMatchObject(shape({ message: expect.stringContaining('busy') }));
    for (const reply of [...refused, other]) expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    const lines = await Promise.all([...refused, other].map((reply) => service.auditOf(reply)));
    expect(lines.map(({ error }) => error)).toEqual(['rate_limited', 'rate_limited', 'model_unavailable']);
    expect(Math.min(...lines.map(({ durationMs }) => Number(durationMs)))).toBeLessThanOrEqual(50);
    release.resolve();
    const statuses = (await Promise.all([running, ...next])).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
  });
});

test('a model that was left alone is asked again after a while', async () => {
  isFailing = false;
  await expect.poll(async () => (await ask('/api/chat', 'fails')).status, { interval: 250, timeout: 20_000 }).toBe(200);
});

/** The first replies of some requests. */
function settled(requests: readonly Promise<Response>[], count: number): Promise<readonly Response[]> {
  const replies: Response[] = [];
  const enough = Promise.withResolvers<readonly Response[]>();
  for (const request of requests) {
    void request.then((reply) => {
      replies.push(reply);
      if (replies.length === count) enough.resolve(replies);
    });
  }
  return enough.promise;
}

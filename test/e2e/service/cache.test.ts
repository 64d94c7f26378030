import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chatLine, lastLine, sendLines, startFakeOllama } from '../../support/fake-ollama.ts';
import type { FakeServer } from '../../support/fake-server.ts';
import { startService } from '../../support/running-service.ts';
import type { RunningService } from '../../support/running-service.ts';

let ollama: FakeServer;
let service: RunningService;
/** Generations so far, each of which says its number. */
let generations = 0;
let isAbandoned = false;
/** Generations wait for it. */
let release: Promise<void>;
let arrived = Promise.withResolvers<void>();

beforeAll(async () => {
  ollama = await startFakeOllama({
    '/api/chat': async (response) => {
      response.once('close', () => (isAbandoned = !response.writableFinished));
      const number = (generations += 1);
      sendLines(response, [chatLine('Answer ')], false);
      arrived.resolve();
      await release;
      sendLines(response, [chatLine(`${number}.`), lastLine()]);
    },
  });
  service = await startService({ modelUrl: ollama.url });
});

afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await ollama[Symbol.asyncDispose]();
});

beforeEach(() => {
  release = Promise.resolve();
  arrived = Promise.withResolvers();
  isAbandoned = false;
});

/** Asks for what was never asked before, unless `content` says otherwise. */
const ask = (more: object, { path = '/v1/chat/completions', ...init }: RequestInit & { path?: string } = {}) =>
  service.call(
    path,
    { model: 'tiny', messages: [{ role: 'user', content: 'Say hello.' }], max_tokens: 5, ...more },
    init,
  );
const verdict = (reply: Response): string | null => reply.headers.get('x-lorekeep-cache');

async function textOf(reply: Response): Promise<string> {
  const text = await reply.text();
  return /Answer \d+\./.exec(text)?.[0] ?? text;
}

describe('an answer is kept', () => {
  test.each<readonly [string, string, object]>([
    ['without temperature', '/v1/chat/completions', { temperature: 0 }],
    ['with a seed', '/v1/chat/completions', { seed: 7 }],
    ['where it is asked for', '/v1/chat/completions', { lorekeep: { cache: true } }],
    ['without temperature', '/v1/messages', { temperature: 0, top_k: 3 }],
    ['without temperature', '/api/chat', { options: { temperature: 0, top_k: 4 } }],
  ])('%s at %s, also for those that want a stream', async (_, path, more) => {
    const first = await ask({ ...more, stream: false }, { path });
    const text = await textOf(first);
    expect([verdict(first), text]).toEqual(['miss', `Answer ${generations}.`]);
    for (const stream of [false, true]) {
      const again = await ask({ ...more, stream }, { path });
      expect([verdict(again), /event-stream|ndjson/.test(again.headers.get('content-type') ?? '')]).toEqual([
        'hit',
        stream,
      ]);
      const whole = await again.text();
      expect(whole).toContain(text);
      expect(whole.trimEnd().split('\n').length > 1).toBe(stream);
    }
    expect(await service.auditOf(await ask({ ...more, stream: false }, { path }))).toMatchObject({ cache: 'hit' });
  });

  test('for a native question, unless it wants a new one', async () => {
    const question = { question: 'How does the RateLimiter refill its buckets?', model: 'tiny' };
    const verdictOf = async (more: object = {}, init: RequestInit = {}): Promise<string> => {
      const reply = await service.call('/lorekeep/ask', { ...question, ...more }, init);
      return ((await reply.json()) as { decision: { cache: string } }).decision.cache;
    };
    expect([await verdictOf(), await verdictOf()]).toEqual(['miss', 'hit']);
    expect(await verdictOf({ cache: false })).toBe('off');
    expect(await verdictOf({}, { headers: { 'cache-control': 'no-cache' } })).toBe('off');
  });
});

describe('an answer is given anew', () => {
  test('where the request is not meant to repeat', async () => {
    const replies = [await ask({}), await ask({})];
    expect(replies.map(verdict)).toEqual(['off', 'off']);
    const [first, second] = await Promise.all(replies.map(textOf));
    expect(second).not.toBe(first);
  });

  test('where the client wants no kept one', async () => {
    const more = { seed: 8 };
    await textOf(await ask(more));
    const before = generations;
    const reply = await ask(more, { headers: { 'cache-control': 'no-cache' } });
    expect([verdict(reply), await textOf(reply)]).toEqual(['off', `Answer ${before + 1}.`]);
  });

  test('when code that it rests on has changed, and only then', async () => {
    const more = {
      temperature: 0,
      messages: [{ role: 'user', content: 'How does the RateLimiter refill its buckets?' }],
    };
    const first = await ask(more);
    expect([verdict(first), first.headers.get('x-lorekeep-citations')]).toEqual([
      'miss',
      expect.stringContaining('rate-limiter.ts'),
    ]);
    await first.text();
    expect(verdict(await ask(more))).toBe('hit');
    const file = join(service.sandbox.projectFolder('parcel-desk'), 'api/src/rate-limiter.ts');
    appendFileSync(file, '\n// Buckets that are full stay full.\n');
    const same = await ask(more);
    expect([verdict(same), same.headers.get('x-lorekeep-freshness')]).toEqual([
      'hit',
      expect.stringMatching(/^1 file pending/),
    ]);
    writeFileSync(file, readFileSync(file, 'utf8').replace('60_000', '30_000'));
    expect(verdict(await ask(more))).toBe('miss');
  });
});

describe('requests that are the same at the same time', () => {
  test('share one generation', async () => {
    const held = Promise.withResolvers<void>();
    release = held.promise;
    const before = generations;
    const requests = [1, 2, 3].map(() => ask({ seed: 21 }));
    await arrived.promise;
    // Answered while the others wait, so all have come.
    await service.call('/lorekeep/version');
    held.resolve();
    const replies = await Promise.all(requests);
    expect(await Promise.all(replies.map(textOf))).toEqual([1, 2, 3].map(() => `Answer ${before + 1}.`));
    expect(replies.filter((reply) => verdict(reply) === 'hit')).toHaveLength(2);
    expect(generations).toBe(before + 1);
  });

  test('do not lose it when the first one leaves, and end it when all have left', async () => {
    const held = Promise.withResolvers<void>();
    release = held.promise;
    const clients = [new AbortController(), new AbortController()];
    const leader = await ask({ seed: 22, stream: true }, { signal: clients[0]!.signal });
    const follower = await ask({ seed: 22, stream: true }, { signal: clients[1]!.signal });
    expect([verdict(leader), verdict(follower)]).toEqual(['miss', 'hit']);
    clients[0]!.abort();
    expect(await service.auditOf(leader)).toMatchObject({ error: 'aborted' });
    expect(isAbandoned).toBe(false);
    clients[1]!.abort();
    await expect.poll(() => isAbandoned, { interval: 5 }).toBe(true);
    held.resolve();
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chatLine, lastLine, sendLines, startFakeOllama } from '../../support/fake-ollama.ts';
import type { FakeAnswer, FakeServer } from '../../support/fake-server.ts';
import { startService } from '../../support/running-service.ts';
import type { RunningService } from '../../support/running-service.ts';

const question = 'How does the RateLimiter refill its buckets?';

let ollama: FakeServer;
let service: RunningService;
/** Resolves when the service has broken off a generation. */
let abandoned = Promise.withResolvers<void>();

const generate: FakeAnswer = (response, { body }) => {
  response.once('close', () => {
    if (!response.writableFinished) abandoned.resolve();
  });
  const isEndless = JSON.stringify(body).includes('endlessly');
  sendLines(response, [chatLine('Steadily [2]'), chatLine(', says nobody [77].')], false);
  if (!isEndless) sendLines(response, [lastLine()]);
};

beforeAll(async () => {
  ollama = await startFakeOllama({ '/api/chat': generate, '/api/generate': generate });
  service = await startService({ modelUrl: ollama.url, words: ['--model', 'tiny'] });
});

afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await ollama[Symbol.asyncDispose]();
});

const json = async (path: string, body: object | null = null): Promise<Record<string, unknown>> =>
  (await (await service.call(path, body)).json()) as Record<string, unknown>;

describe('the native routes', () => {
  test('answer a question with what it rests on', async () => {
    const { evidence, citations, decision, ...answer } = await json('/lorekeep/ask', { question });
    const cited = (evidence as { number: number; text: string }[]).find(({ number }) => number === 2);
    expect(cited?.text).toContain('class RateLimiter');
    expect(citations).toMatchObject([{ number: 2, project: 'parcel-desk', path: 'api/src/rate-limiter.ts' }]);
    expect(decision).toMatchObject({ route: 'symbol', cache: 'miss', freshness: { isCurrent: true, changed: [] } });
    expect(answer).toMatchObject({
      mode: 'generated',
      model: 'tiny',
      answer: 'Steadily [2], says nobody.',
      removedCitations: ['[77]'],
      usage: { promptTokens: 100, outputTokens: 3 },
    });
  });

  test('stream the same as events, in order', async () => {
    const reply = await service.call('/lorekeep/ask', { question, stream: true, cache: false });
    const events = (await reply.text()).trimEnd().split('\n\n');
    const types = events.map((event) => /^event: (\w+)$/m.exec(event)?.[1]);
    expect(types.filter((type, place) => type !== types[place - 1])).toEqual([
      'decision',
      'evidence',
      'text',
      'answer',
    ]);
    expect(JSON.parse(/^data: (.*)$/m.exec(events.at(-1) ?? '')?.[1] ?? '')).toMatchObject({
      answer: 'Steadily [2], says nobody.',
      usage: { outputTokens: 3 },
    });
  });

  test('search and explain without a model', async () => {
    const before = ollama.seen.length;
    const found = await json('/lorekeep/search', { question: 'chargeable weight', limit: 3 });
    expect(found['hits']).toMatchObject({ 0: { path: 'pricing/tariff.py', name: 'chargeable_weight' }, length: 3 });
    const why = await json('/lorekeep/explain', { question });
    expect(why['route']).toMatchObject({ kind: 'symbol', reason: expect.stringContaining('RateLimiter') });
    expect(ollama.seen.length).toBe(before);
  });

  test('tell of projects, and bring one up to date for an administrator', async () => {
    const { sandbox } = service;
    expect(await json('/lorekeep/projects')).toMatchObject({
      projects: [{ name: 'parcel-desk', state: 'ready', problem: null, status: { totals: { files: 23 } } }],
    });
    const { key } = await sandbox.json<{ key: string }>(sandbox.home, 'keys', 'create', 'boss', '--admin');
    const headers = { authorization: `Bearer ${key}` };
    const reply = await service.call('/lorekeep/projects/parcel-desk/index', {}, { headers });
    expect([reply.status, await reply.json()]).toEqual([202, { project: 'parcel-desk', state: 'indexing' }]);
    expect((await service.call('/lorekeep/projects/bank/index', {}, { headers })).status).toBe(404);
  });

  test('tell what they are, how they fare, and in numbers', async () => {
    expect(await json('/health')).toMatchObject({ status: 'ok' });
    expect(await json('/lorekeep/version')).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
    expect(await json('/openapi.json')).toMatchObject({ openapi: expect.stringMatching(/^3\./) });
    const metrics = await (await service.call('/metrics')).text();
    expect(metrics).toMatch(/^lorekeep_requests_total\{[^}]*route="\/lorekeep\/ask"[^}]*\} \d+$/m);
    const page = await service.call('/', null, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<title>Lorekeep</title>');
    expect(await (await service.call('/')).text()).toBe('Ollama is running');
  });
});

describe.each([
  ['/lorekeep/ask', { question: `${question} Tell it endlessly.`, cache: false }],
  ['/lorekeep/ask', { question: `${question} Tell it endlessly, and then more.` }],
  ['/api/chat', { messages: [{ role: 'user', content: 'Talk endlessly.' }] }],
  ['/api/generate', { prompt: 'Talk endlessly.' }],
  ['/v1/chat/completions', { messages: [{ role: 'user', content: 'Talk endlessly.' }] }],
  ['/v1/messages', { messages: [{ role: 'user', content: 'Talk endlessly.' }], max_tokens: 100 }],
])('a client of %s that leaves', (path, body) => {
  test.each([true, false])('ends the generation, streaming: %s', async (stream) => {
    abandoned = Promise.withResolvers();
    const client = new AbortController();
    const asking = service.call(path, { model: 'tiny', stream, ...body }, { signal: client.signal });
    asking.catch(() => undefined);
    if (stream) await asking;
    await expect.poll(async () => generating(await service.call('/metrics')), { interval: 5 }).toBe(1);
    client.abort();
    await abandoned.promise;
    await expect.poll(async () => generating(await service.call('/metrics')), { interval: 5 }).toBe(0);
  });
});

async function generating(metrics: Response): Promise<number> {
  return Number(/^lorekeep_generating (\d+)$/m.exec(await metrics.text())?.[1]);
}

import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox } from '../../support/cli-process.ts';
import type { Sandbox } from '../../support/cli-process.ts';
import { chatLine, lastLine, sendLines, startFakeOllama } from '../../support/fake-ollama.ts';
import type { FakeServer } from '../../support/fake-server.ts';
import { writeLargeProject } from '../../support/large-project.ts';
import { startService } from '../../support/running-service.ts';
import type { RunningService, ServiceOptions } from '../../support/running-service.ts';

// One life of a service and its home, told in order: each test goes on where the one before it has ended.
describe('lorekeep serve', () => {
  let ollama: FakeServer;
  let sandbox: Sandbox;
  let service: RunningService;
  let key = '';
  /** A service that is told to stop at the beginning, while requests run that do not end: they have 10 seconds. */
  let ending: RunningService;
  let unanswered: readonly Response[];
  /** Lets the model end an answer that it was asked for with the words "take your time". */
  const release = Promise.withResolvers<void>();

  beforeAll(async () => {
    ollama = await startFakeOllama({
      '/api/chat': async (response, { body }) => {
        const asked = JSON.stringify(body['messages']);
        sendLines(response, [chatLine('Once ')], false);
        if (asked.includes('endlessly')) return;
        if (asked.includes('take your time')) await release.promise;
        sendLines(response, [chatLine('more.'), lastLine()]);
      },
    });
    sandbox = createSandbox();
    writeLargeProject(join(sandbox.home, 'code', 'large'), 40);
    sandbox.projectFolder('parcel-desk');
    ending = await startService({ modelUrl: ollama.url, fixtures: ['shop'], words: ['--generation-slots', '4'] });
    const body = {
      model: 'tiny',
      messages: [{ role: 'user', content: 'Talk endlessly.' }],
      max_tokens: 9,
      stream: true,
    };
    unanswered = await Promise.all([
      ...['/api/chat', '/v1/chat/completions', '/v1/messages'].map((path) => ending.call(path, body)),
      ending.call('/lorekeep/ask', { question: 'Talk endlessly.', model: 'tiny', stream: true }),
    ]);
    void ending.stop();
  });

  afterAll(async () => {
    await Promise.all([service.stop(), ending[Symbol.asyncDispose]()]);
    await ollama[Symbol.asyncDispose]();
    sandbox.remove();
  });

  const start = async (options: Partial<ServiceOptions> = {}): Promise<void> => {
    service = await startService({ modelUrl: ollama.url, sandbox, fixtures: ['parcel-desk'], key, ...options });
  };
  const ask = (content: string, more: object = {}, path = '/v1/chat/completions'): Promise<Response> =>
    service.call(path, { model: 'tiny', messages: [{ role: 'user', content }], max_tokens: 5, ...more });
  const projectFile = (path: string): string => join(sandbox.projectFolder('parcel-desk'), path);

  test('answers while it makes its first index, and says so', async () => {
    await start({ fixtures: ['large'], waitsForIndex: false });
    ({ key } = service);
    const question = 'What does compute7x3 do?';
    const early = await ask(question);
    expect([early.status, early.headers.get('x-lorekeep-route')]).toEqual([200, 'none']);
    expect(early.headers.get('x-lorekeep-notices')).toContain('large is still being indexed');
    expect(await (await service.call('/lorekeep/projects')).json()).toMatchObject({
      projects: [{ state: 'indexing' }],
    });
    await service.ready;
    const late = await ask(question);
    expect(late.headers.get('x-lorekeep-notices')).toBeNull();
    expect(late.headers.get('x-lorekeep-citations')).toContain('module-7.ts');
    expect((await service.stop()).status).toBe(0);
  });

  test('says that a file has changed, or has it up to date already', async () => {
    await start();
    const cited = async (question: string) => {
      const { headers } = await ask(question);
      return [headers.get('x-lorekeep-freshness'), headers.get('x-lorekeep-citations') ?? ''] as const;
    };
    const question = 'How does the RateLimiter refill its buckets?';
    expect(await cited(question)).toEqual(['current', expect.stringContaining('rate-limiter.ts:1-41')]);
    appendFileSync(projectFile('api/src/rate-limiter.ts'), '\nexport function drainAllBuckets(): void {}\n');
    expect((await cited(question))[0]).toMatch(/^(1 file pending since 20|current$)/);
    await expect
      .poll(() => cited('What does drainAllBuckets do?'), { timeout: 20_000 })
      .toEqual(['current', expect.stringMatching(/rate-limiter\.ts:\d+-43/)]);
  });

  test('lets a request end when it is told to stop, and is gone then', async () => {
    const kept = await ask('Say hello.', { temperature: 0 });
    expect(kept.headers.get('x-lorekeep-cache')).toBe('miss');
    await kept.text();
    const running = await ask('Say hello, take your time.', { stream: true });
    const stopped = service.stop();
    await expect.poll(() => ask('Say hello.').catch(() => 'refused'), { interval: 10 }).toBe('refused');
    release.resolve();
    expect(await running.text()).toMatch(/Once [\s\S]*more\.[\s\S]*data: \[DONE\]\n\n$/);
    expect(await stopped).toEqual({ status: 0, stderr: expect.stringContaining('Stopping') });
  });

  test('started anew takes the same keys, knows its answers, and finds new files by itself', async () => {
    await start({ words: ['--reconcile-seconds', '1'] });
    expect(service.key).toBe('');
    const before = ollama.seen.filter(({ path }) => path === '/api/chat').length;
    const reply = await ask('Say hello.', { temperature: 0 });
    expect([reply.headers.get('x-lorekeep-cache'), await reply.text()]).toEqual([
      'hit',
      expect.stringContaining('Once more.'),
    ]);
    expect(ollama.seen.filter(({ path }) => path === '/api/chat')).toHaveLength(before);
    writeFileSync(projectFile('api/src/pigeon-post.ts'), 'export function sendByPigeon(): void {}\n');
    await expect
      .poll(async () => (await ask('What does sendByPigeon do?')).headers.get('x-lorekeep-citations') ?? '', {
        timeout: 20_000,
      })
      .toContain('pigeon-post.ts:1-1');
  });

  test('has an audit log that is whole', async () => {
    await service.stop();
    expect(await sandbox.json(sandbox.home, 'audit', 'verify')).toMatchObject({ problem: null, unfinishedBytes: 0 });
  });

  test('without keys lets everybody on this machine in, but no wrong key', async () => {
    await start({ words: ['--no-auth'], key: '' });
    expect((await fetch(`${service.url}/api/tags`)).status).toBe(200);
    expect((await fetch(`${service.url}/k/wrong/api/tags`)).status).toBe(401);
    expect((await fetch(`${service.url}/k/${key}/api/tags`)).status).toBe(200);
  });

  test('has ended requests that did not end, each as its protocol says it', async () => {
    const [asOllama, asOpenai, asAnthropic, asNative] = await Promise.all(unanswered.map((reply) => reply.text()));
    const { status, stderr } = await ending.stop();
    expect([status, stderr]).toEqual([0, expect.stringContaining('were ended before they were answered')]);
    expect(asOllama?.trimEnd().split('\n').at(-1)).toBe('{"error":"The service is shutting down."}');
    expect(asOpenai).toMatch(/data: \{"error":\{"message":"The service is shutting down\."[^\n]*\}\n\n$/);
    expect(asAnthropic).toMatch(/event: error\ndata: \{"type":"error","error":\{[^\n]*shutting down[^\n]*\n\n$/);
    expect(asNative).toMatch(/event: error\ndata: \{"error":\{[^\n]*shutting down[^\n]*\n\n$/);
    for (const reply of unanswered)
      expect(await ending.auditOf(reply)).toMatchObject({ error: 'aborted', status: 200 });
  });
});

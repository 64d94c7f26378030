import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../src/core/errors.ts';
import type { RequestTrace } from '../../../src/core/gateway/trace.ts';
import { callerOf, decisionOf, fakeAudit, fakeGatekeeper, fakeGateway } from '../../support/fake-gateway.ts';
import { currentOf } from '../../support/fake-service.ts';
import { httpApp } from '../../support/http-calls.ts';

/** The events of a stream, in order; comments as they are. */
async function eventsOf(reply: Response): Promise<(readonly [event: string, data: unknown])[]> {
  const blocks = (await reply.text()).split('\n\n').filter((block) => block !== '');
  return blocks.map((block) => {
    const [, event = '', data = 'null'] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
    return [event, JSON.parse(data)];
  });
}

describe('ask', () => {
  test('answers with the decision, the evidence and the citations', async () => {
    const gateway = fakeGateway();
    const { call } = httpApp({ gateway });
    const body = {
      question: ' How do sessions open? ',
      project: 'shop',
      files: ['a.ts'],
      path: 'src/**',
      retrieve: 'auto',
      cache: false,
    };
    const reply = await call('/lorekeep/ask', { body });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({
      mode: 'generated',
      answer: 'Sessions open in the store [1].',
      citations: [{ path: 'src/session.ts', startLine: 3, endLine: 9, number: 1 }],
      evidence: [{ number: 1, path: 'src/session.ts' }],
      decision: decisionOf(),
      usage: { promptTokens: null, outputTokens: null },
    });
    expect(gateway.calls[0]?.arguments[0]).toEqual({
      question: 'How do sessions open?',
      projects: ['shop'],
      files: ['a.ts'],
      path: 'src/**',
      retrieve: 'auto',
      cache: false,
    });
  });

  test.each([
    ['the body asks for it', { stream: true }, {}],
    ['the client accepts it', {}, { accept: 'text/event-stream' }],
  ])('is an event stream where %s', async (_, fields, headers) => {
    const { call } = httpApp();
    const reply = await call('/lorekeep/ask', { body: { question: 'How?', ...fields }, headers });
    expect(reply.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = await eventsOf(reply);
    expect(events.map(([event]) => event)).toEqual(['decision', 'evidence', 'text', 'answer']);
    expect(events[0]?.[1]).toEqual(decisionOf());
    expect(events[2]?.[1]).toEqual({ text: 'Sessions open in the store [1].' });
    expect(events[3]?.[1]).toMatchObject({ mode: 'generated', usage: { promptTokens: null } });
  });

  test('what fails before the first event has its own status, in a stream, too', async () => {
    const gateway = fakeGateway({ answer: [new ServiceError('not_indexed', 'No index. Run `lorekeep index`.')] });
    const { call } = httpApp({ gateway });
    for (const stream of [false, true]) {
      const reply = await call('/lorekeep/ask', { body: { question: 'How?', stream } });
      expect([reply.status, await reply.json()]).toEqual([
        404,
        { error: { code: 'not_indexed', message: 'No index. Run `lorekeep index`.' } },
      ]);
    }
  });

  test('what fails later is the last event, and in the audit log', async () => {
    const audit = fakeAudit();
    const gateway = fakeGateway({
      answer: [{ type: 'text', text: 'So' }, new Error('secret detail'), { type: 'text', text: 'never' }],
    });
    const { call } = httpApp({ gateway, audit });
    const events = await eventsOf(await call('/lorekeep/ask', { body: { question: 'How?', stream: true } }));
    expect(events.map(([event]) => event)).toEqual(['text', 'error']);
    expect(events[1]?.[1]).toEqual({ error: { code: 'internal', message: expect.stringContaining('id-1') } });
    expect(audit.events[0]?.details).toMatchObject({ status: 200, error: 'internal' });
  });

  test.each([
    ['no body', '', /no body/],
    ['no JSON', '{', /no JSON/],
    ['no question', {}, /"question"/],
    ['an empty question', { question: '  ' }, /expected a question/],
    ['an unknown field', { question: 'How?', projcet: 'shop' }, /projcet/],
    ['a number for a path', { question: 'How?', path: 5 }, /"path"/],
  ])('refuses %s', async (_, body, message) => {
    const { call } = httpApp();
    const reply = await call('/lorekeep/ask', { method: 'POST', body });
    expect([reply.status, await reply.json()]).toEqual([
      400,
      { error: { code: 'request_invalid', message: expect.stringMatching(message) } },
    ]);
  });

  test.each([false, true])('stops when the client goes away (stream: %s)', async (stream) => {
    const never = new Promise(() => {});
    const gateway = fakeGateway({ answer: stream ? [{ type: 'text', text: 'So' }, never] : [never] });
    const audit = fakeAudit();
    const over = Promise.withResolvers<RequestTrace>();
    const { call } = httpApp({ gateway, audit }, { onRequest: over.resolve });
    const client = new AbortController();
    const pending = call('/lorekeep/ask', { body: { question: 'How?', stream }, signal: client.signal });
    if (stream) await (await pending).body!.getReader().read();
    client.abort();
    expect((await pending).status).toBe(stream ? 200 : 499);
    expect((await over.promise).error).toBe('aborted');
    expect([gateway.ended(), audit.events.length]).toEqual([1, 1]);
  });
});

describe('search and explain', () => {
  test('pass on what was asked, with defaults', async () => {
    const gateway = fakeGateway();
    const { call } = httpApp({ gateway });
    const search = await call('/lorekeep/search', { body: { question: 'sessions', language: 'go' } });
    expect(await search.json()).toMatchObject({
      hits: [{ path: 'src/session.ts' }],
      mode: 'hybrid',
      projects: ['shop'],
    });
    const explain = await call('/lorekeep/explain', {
      body: { question: 'and where?', history: ['openSession'], project: ['shop', 'bank'], limit: 3 },
    });
    expect(await explain.json()).toMatchObject({ route: { kind: 'none' }, found: null });
    expect(gateway.calls.map(({ method, arguments: [projects, request] }) => [method, projects, request])).toEqual([
      ['search', [], { question: 'sessions', limit: 10, language: 'go' }],
      ['explain', ['shop', 'bank'], { question: 'and where?', history: ['openSession'], limit: 3 }],
    ]);
  });

  test.each([0, 101, 1.5])('a limit of %d is refused', async (limit) => {
    const { call } = httpApp();
    expect((await call('/lorekeep/search', { body: { question: 'x', limit } })).status).toBe(400);
  });
});

describe('projects', () => {
  test('are listed and shown', async () => {
    const { call } = httpApp();
    const { projects } = (await (await call('/lorekeep/projects')).json()) as { projects: unknown[] };
    expect(projects).toEqual([expect.objectContaining({ name: 'shop', state: 'ready' })]);
    expect(await (await call('/lorekeep/projects/shop')).json()).toEqual(projects[0]);
    const unknown = await call('/lorekeep/projects/other');
    expect([unknown.status, await unknown.text()]).toEqual([404, expect.stringContaining('No project \\"other\\"')]);
  });

  test('are indexed anew for administrators only', async () => {
    const gateway = fakeGateway();
    const reply = await httpApp({ gateway }).call('/lorekeep/projects/shop/index', { method: 'POST' });
    expect([reply.status, await reply.json()]).toEqual([202, { project: 'shop', state: 'indexing' }]);
    expect(gateway.calls.at(-1)).toMatchObject({ method: 'reindex', arguments: ['shop', {}] });
    const gatekeeper = fakeGatekeeper({ caller: callerOf({ isAdmin: false }) });
    const refused = await httpApp({ gatekeeper }).call('/lorekeep/projects/shop/index', { method: 'POST' });
    expect(refused.status).toBe(403);
  });

  test('that a key may not read are forbidden, whether they exist or not', async () => {
    const { call } = httpApp({ gatekeeper: fakeGatekeeper({ caller: callerOf({ projects: ['bank'] }) }) });
    for (const name of ['shop', 'nothing']) expect((await call(`/lorekeep/projects/${name}`)).status).toBe(403);
  });
});

describe('routes without a key', () => {
  const page = { html: '<!doctype html><p>Hello', policy: "default-src 'none'" };

  test('/ says what clients of Ollama look for, a browser gets the page', async () => {
    const { call } = httpApp({}, { page });
    const text = await call('/', { withKey: false });
    expect([text.status, await text.text(), text.headers.get('content-type')]).toEqual([
      200,
      'Ollama is running',
      expect.stringContaining('text/plain'),
    ]);
    const head = await call('/', { method: 'HEAD', withKey: false });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const html = await call('/', { headers: { accept: 'text/html,*/*' }, withKey: false });
    expect([html.status, await html.text()]).toEqual([200, page.html]);
    expect(html.headers.get('content-security-policy')).toBe(page.policy);
    expect(html.headers.get('x-frame-options')).toBe('DENY');
  });

  test('health says little without a key, and tells of an audit log that fails', async () => {
    const { call } = httpApp();
    expect(await (await call('/health', { withKey: false })).json()).toEqual({ status: 'ok' });
    expect(await (await call('/health')).json()).toMatchObject({
      version: '1.2.3',
      checks: [{ name: 'model' }, { name: 'audit' }],
    });
    const audit = { ...fakeAudit(), problem: () => 'The disk is full.' };
    const failing = httpApp({ audit });
    expect(await (await failing.call('/health', { withKey: false })).json()).toEqual({ status: 'degraded' });
    expect(await (await failing.call('/health')).json()).toMatchObject({
      checks: [{}, { ok: false, detail: 'The disk is full.' }],
    });
  });

  test('HEAD is everywhere GET is', async () => {
    const { call } = httpApp({}, { page });
    for (const path of ['/', '/health', '/metrics', '/openapi.json', '/lorekeep/projects', '/lorekeep/version']) {
      const reply = await call(path, { method: 'HEAD' });
      expect([path, reply.status, await reply.text()]).toEqual([path, 200, '']);
    }
  });
});

describe('metrics', () => {
  test('need a key, and count by patterns of routes', async () => {
    const gateway = fakeGateway({
      methods: {
        gauges: () => ({
          queued: 3,
          generating: 2,
          cacheAnswers: 5,
          cacheBytes: 700,
          pendingFiles: 4,
          watchedProjects: 1,
          comparedSecondsAgo: 9,
        }),
        search: async (_projects, _request, { trace }) => {
          Object.assign(trace, {
            model: 'tiny',
            promptTokens: 12,
            outputTokens: 3,
            cache: 'hit',
            decision: 'hybrid',
            firstByteMs: 40,
          });
          return { hits: [], mode: 'lexical', notices: [], freshness: currentOf(), projects: [], elapsedMs: 1 };
        },
      },
    });
    const { call } = httpApp({ gateway });
    const refused = await call('/metrics', { withKey: false });
    expect([refused.status, await refused.text()]).toEqual([401, expect.stringContaining('key')]);
    await (await call('/lorekeep/search', { body: { question: 'x' } })).text();
    await (await call('/lorekeep/projects/shop')).text();
    await (await call('/lorekeep/projects/none')).text();
    await (await call('/no/such/path')).text();
    const reply = await call('/metrics');
    expect(reply.headers.get('content-type')).toContain('text/plain');
    const lines = (await reply.text()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'lorekeep_requests_total{method="POST",route="/lorekeep/search",status="200",model="tiny"} 1',
        'lorekeep_requests_total{method="GET",route="/lorekeep/projects/:name",status="200",model=""} 1',
        'lorekeep_requests_total{method="GET",route="/lorekeep/projects/:name",status="404",model=""} 1',
        'lorekeep_requests_total{method="GET",route="(none)",status="404",model=""} 1',
        'lorekeep_requests_total{method="GET",route="/metrics",status="401",model=""} 1',
        'lorekeep_errors_total{code="unauthorized"} 1',
        'lorekeep_tokens_total{model="tiny",direction="prompt"} 12',
        'lorekeep_tokens_total{model="tiny",direction="output"} 3',
        'lorekeep_cache_total{verdict="hit"} 1',
        'lorekeep_decisions_total{decision="hybrid"} 1',
        'lorekeep_first_token_seconds_count{model="tiny"} 1',
        'lorekeep_request_duration_seconds_count{route="/lorekeep/search"} 1',
        'lorekeep_queue_length 3',
        'lorekeep_generating 2',
        'lorekeep_cache_answers 5',
        'lorekeep_cache_bytes 700',
        'lorekeep_requests_open 1',
        'lorekeep_info{version="1.2.3"} 1',
      ]),
    );
  });
});

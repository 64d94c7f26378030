import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { errorCodes, ServiceError } from '../../../src/core/errors.ts';
import { errorStatuses } from '../../../src/http/error-status.ts';
import { errorBody, errorReply, protocolOf } from '../../../src/http/errors/error-reply.ts';
import { publicError } from '../../../src/http/errors/public-error.ts';
import { statusOf, withStatus } from '../../../src/http/errors/status-of.ts';
import type { AddRoutes } from '../../../src/http/app.ts';
import { fakeAudit, fakeGateway, testKey } from '../../support/fake-gateway.ts';
import { currentOf } from '../../support/fake-service.ts';
import { httpApp } from '../../support/http-calls.ts';
import type { Call } from '../../support/http-calls.ts';

const shapes = {
  '/api/broken': (message: string) => ({ error: message }),
  '/v1/messages': (message: string) => ({ type: 'error', error: { type: expect.any(String), message } }),
  '/v1/broken': (message: string) => ({
    error: { message, type: expect.any(String), param: null, code: expect.any(String) },
  }),
  '/lorekeep/broken': (message: string, code: ErrorCode) => ({ error: { code, message } }),
};

function breaking(error: Error): AddRoutes {
  return (app) => {
    for (const path of Object.keys(shapes))
      app.post(path, () => {
        throw error;
      });
  };
}

describe.each(Object.keys(shapes) as (keyof typeof shapes)[])('errors below %s', (path) => {
  test.each(errorCodes.filter((code) => errorStatuses[code] !== 500))(
    '%s keeps its words and its status',
    async (code) => {
      const { call } = httpApp({}, { protocols: [breaking(new ServiceError(code, 'What happened. What to do.'))] });
      const reply = await call(path, { body: {} });
      expect(reply.status).toBe(errorStatuses[code]);
      expect(reply.headers.get('content-type')).toBe('application/json');
      expect(await reply.json()).toEqual(shapes[path]('What happened. What to do.', code));
    },
  );

  test.each([
    new ServiceError('store_failed', 'SQLITE_CORRUPT in /home/someone/data.db'),
    new ServiceError('internal', 'Unexpected failure: secret of /home/someone'),
    new TypeError('Cannot read properties of /home/someone'),
  ])('%s is told by its request id alone', async (error) => {
    const failures: string[] = [];
    const onFailure = (failure: ServiceError): void => void failures.push(failure.message);
    const { call } = httpApp({}, { protocols: [breaking(error)], onFailure });
    const reply = await call(path, { body: {} });
    const id = reply.headers.get('x-request-id');
    const body = JSON.stringify(await reply.json());
    expect(reply.status).toBe(500);
    expect(body).toContain(`under the request ${id}`);
    expect(body).not.toContain('someone');
    expect(failures).toEqual([expect.stringContaining('/home/someone')]);
  });
});

test('types and codes that client libraries act upon', () => {
  const said = (code: ErrorCode): unknown[] => {
    const error = new ServiceError(code, 'x');
    const anthropic = errorBody('anthropic', error) as { error: { type: string } };
    const openai = errorBody('openai', error) as { error: { type: string; code: string } };
    return [anthropic.error.type, openai.error.type, openai.error.code];
  };
  expect(said('unauthorized')).toEqual(['authentication_error', 'authentication_error', 'invalid_api_key']);
  expect(said('request_invalid')).toEqual(['invalid_request_error', 'invalid_request_error', 'request_invalid']);
  expect(said('model_missing')).toEqual(['not_found_error', 'not_found_error', 'model_not_found']);
  expect(said('rate_limited')).toEqual(['rate_limit_error', 'rate_limit_error', 'rate_limit_exceeded']);
  expect(said('forbidden')).toEqual(['permission_error', 'permission_error', 'forbidden']);
  expect(said('model_unavailable')).toEqual(['overloaded_error', 'api_error', 'model_unavailable']);
  expect(said('internal')).toEqual(['api_error', 'api_error', 'internal']);
});

test('a time to try again is whole seconds, at least one', () => {
  const after = (retryAfterSeconds: number): string | null =>
    errorReply('native', new ServiceError('rate_limited', 'x', { retryAfterSeconds })).headers.get('retry-after');
  expect([after(0.2), after(3.1), after(20)]).toEqual(['1', '4', '20']);
  expect(errorReply('native', new ServiceError('rate_limited', 'x')).headers.get('retry-after')).toBeNull();
});

test('a path tells the protocol', () => {
  const paths = [
    '/api/chat',
    '/v1/messages',
    '/v1/messages/count_tokens',
    '/v1/chat/completions',
    '/lorekeep/ask',
    '/',
  ];
  expect(paths.map(protocolOf)).toEqual(['ollama', 'anthropic', 'anthropic', 'openai', 'native', 'native']);
});

test('a stopped request tells why it was stopped, not what broke by that', () => {
  const reason = withStatus(new ServiceError('aborted', 'The service is shutting down.'), 503);
  const request = { id: 'r1', signal: AbortSignal.abort(reason) };
  for (const broken of [new Error('socket'), new DOMException('x', 'AbortError'), new ServiceError('aborted', 'x')])
    expect([publicError(broken, request), statusOf(publicError(broken, request))]).toEqual([reason, 503]);
  const own = new ServiceError('model_timeout', 'Too slow.');
  expect(publicError(own, request)).toBe(own);
});

test('an unknown path is 404, a wrong method 405 with those that are allowed', async () => {
  const { call } = httpApp();
  const unknown = await call('/lorekeep/nothing');
  expect([unknown.status, unknown.headers.get('allow')]).toEqual([404, null]);
  const wrong = await call('/lorekeep/ask', { method: 'GET' });
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
  const project = await call('/lorekeep/projects', { method: 'DELETE' });
  expect([project.status, project.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  expect(await (await call('/api/nothing')).json()).toEqual({ error: expect.stringContaining('/openapi.json') });
});

describe('bodies', () => {
  const long = JSON.stringify({ question: 'x'.repeat(2_000) });
  const isLong = { 'content-length': String(long.length) };

  test.each(Object.keys(shapes))('too long for %s is 413', async (path) => {
    const { call } = httpApp({ maxBodyBytes: 1_000 }, { protocols: [breaking(new Error('reached'))] });
    const reply = await call(path, { body: long, headers: isLong });
    expect(reply.status).toBe(413);
    expect(await reply.text()).toContain('at most 1000 bytes');
  });

  test('that do not say their length are refused when so much was read', async () => {
    const { service } = httpApp({ maxBodyBytes: 1_000 });
    const body = new Blob([long]).stream();
    const headers = { 'x-api-key': testKey };
    const request = new Request('http://127.0.0.1/lorekeep/ask', { method: 'POST', headers, body, duplex: 'half' });
    expect((await service.fetch(request)).status).toBe(413);
  });

  test('models may be uploaded at any length', async () => {
    const reading: AddRoutes = (app) =>
      app.post('/api/blobs/:digest', async (context) => context.text(String((await context.req.text()).length)));
    const { call } = httpApp({ maxBodyBytes: 1_000 }, { protocols: [reading] });
    const reply = await call('/api/blobs/sha256:1', { body: long, headers: isLong });
    expect(await reply.text()).toBe(String(long.length));
  });
});

describe('the audit log', () => {
  test('has one line a request, with who, what and how it ended', async () => {
    const audit = fakeAudit();
    let time = 0;
    const { call } = httpApp({ audit }, { clock: () => (time += 12.34) });
    await (await call('/lorekeep/projects/shop')).text();
    expect(audit.events).toEqual([
      {
        action: 'request',
        at: '2026-01-02T03:04:05.678Z',
        details: {
          id: 'id-1',
          method: 'GET',
          route: '/lorekeep/projects/:name',
          clientAddress: '',
          keyId: 'k1',
          keyName: 'tests',
          status: 200,
          durationMs: 12.3,
        },
      },
    ]);
  });

  test('notes refusals of every kind', async () => {
    const audit = fakeAudit();
    const { call } = httpApp({ audit, maxBodyBytes: 10 });
    const requests: [string, Call][] = [
      ['/lorekeep/ask', { withKey: false, body: {} }],
      ['/lorekeep/ask', { headers: { host: 'evil.example' }, body: {} }],
      ['/lorekeep/ask', { headers: { origin: 'https://evil.example' }, body: {} }],
      ['/lorekeep/ask', { headers: { 'content-length': '11' }, body: 'x'.repeat(11) }],
      ['/nowhere', {}],
    ];
    for (const [path, request] of requests) await (await call(path, request)).text();
    expect(audit.events.map(({ details }) => [details['status'], details['error']])).toEqual([
      [401, 'unauthorized'],
      [403, 'forbidden'],
      [403, 'forbidden'],
      [413, 'request_invalid'],
      [404, 'request_invalid'],
    ]);
  });

  test.each([
    [false, [undefined, undefined, 'hash']],
    [true, ['What?', 'That.', 'hash']],
  ])('contents where they are asked for: %s', async (auditContents, expected) => {
    const audit = fakeAudit();
    const gateway = fakeGateway({
      methods: {
        search: async (_projects, _request, { trace }) => {
          Object.assign(trace, { question: 'What?', answer: 'That.', questionHash: 'hash' });
          return { hits: [], mode: 'lexical', notices: [], freshness: currentOf(), projects: [], elapsedMs: 1 };
        },
      },
    });
    const { call } = httpApp({ audit, gateway, auditContents });
    await (await call('/lorekeep/search', { body: { question: 'What?' } })).text();
    const { question, answer, questionHash } = audit.events[0]!.details;
    expect([question, answer, questionHash]).toEqual(expected);
  });
});

import { expect, test } from 'vitest';
import { stripRequest } from '../../../src/http/admission/prefixes.ts';
import { callerOf, fakeAudit, fakeGatekeeper, fakeGateway, testKey } from '../../support/fake-gateway.ts';
import { httpApp } from '../../support/http-calls.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test.each<[string, string, Record<string, string>]>([
  ['Bearer', '', { authorization: `Bearer ${testKey}` }],
  ['bearer in lower case', '', { authorization: `bearer  ${testKey}` }],
  ['x-api-key', '', { 'x-api-key': testKey }],
  ['password of Basic', '', { authorization: basic(`someone:${testKey}`) }],
  ['user of Basic', '', { authorization: basic(`${testKey}:`) }],
  ['user of Basic with a password', '', { authorization: basic(`${testKey}:x`) }],
  ['path', `/k/${testKey}`, {}],
  ['path before other headers', `/k/${testKey}`, { authorization: 'Bearer ollama' }],
  ['x-api-key beside another scheme', '', { authorization: 'Digest abc', 'x-api-key': testKey }],
])('a key as %s opens', async (_, prefix, headers) => {
  const { call } = httpApp();
  expect((await call(`${prefix}/lorekeep/version`, { headers, withKey: false })).status).toBe(200);
});

test.each<[string, string, Record<string, string>]>([
  ['no key', '', {}],
  ['an unknown key', '', { authorization: 'Bearer nope' }],
  ['an empty key', '', { authorization: 'Bearer ' }],
  ['an empty x-api-key', '', { 'x-api-key': '' }],
  ['an empty key in the path', '/k/', {}],
  ['an unknown key in the path', '/k/nope', { authorization: `Bearer ${testKey}` }],
  ['Basic without a key', '', { authorization: basic('someone:secret') }],
  ['Basic that is empty', '', { authorization: basic(':') }],
  ['another scheme', '', { authorization: `Digest ${testKey}` }],
])('%s is 401', async (_, prefix, headers) => {
  const { call } = httpApp();
  const reply = await call(`${prefix}/lorekeep/version`, { headers, withKey: false });
  expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="Lorekeep"']);
});

test('a wrong key is refused even where none is needed', async () => {
  const { call } = httpApp({ gatekeeper: fakeGatekeeper({ keyless: callerOf({ id: 'local' }) }) });
  const statuses = ['/lorekeep/version', '/', '/health'].map(async (path) => [
    (await call(path, { withKey: false })).status,
    (await call(path, { withKey: false, headers: { authorization: 'Bearer ollama' } })).status,
  ]);
  expect(await Promise.all(statuses)).toEqual([
    [200, 401],
    [200, 401],
    [200, 401],
  ]);
});

test.each([
  ['/api/tags', '/api/tags', null, null],
  ['/k/a-key/api/tags?x=1', '/api/tags?x=1', 'a-key', null],
  ['/p/shop/v1/models', '/v1/models', null, 'shop'],
  ['/k/a-key/p/my%20shop/v1/models', '/v1/models', 'a-key', 'my shop'],
  ['/p/shop/k/a-key/v1/models', '/v1/models', 'a-key', 'shop'],
  ['/k/a-key', '/', 'a-key', null],
  ['/k/a-key/', '/', 'a-key', null],
  ['/k/a-key?x=1', '/?x=1', 'a-key', null],
  ['/k/a-key//api/tags', '/api/tags', 'a-key', null],
  ['//api/tags', '/api/tags', null, null],
  ['/k/one/k/two/api/tags', '/k/two/api/tags', 'one', null],
  ['/p/%zz/api/tags', '/api/tags', null, '%zz'],
  ['/pull', '/pull', null, null],
  ['/kitchen/sink', '/kitchen/sink', null, null],
])('%s is %s', async (given, ...expected) => {
  const stripped = stripRequest(new Request(`http://localhost${given}`, { method: 'POST', body: 'text' }));
  const { pathname, search } = new URL(stripped.request.url);
  expect([pathname + search, stripped.key, stripped.project]).toEqual(expected);
  expect(await stripped.request.text()).toBe('text');
});

test('the key in a path reaches neither the gateway nor the audit log; the project does', async () => {
  const audit = fakeAudit();
  const gateway = fakeGateway();
  const { call } = httpApp({ audit, gateway });
  const reply = await call(`/p/shop/k/${testKey}/lorekeep/search`, { body: { question: 'where?' }, withKey: false });
  await reply.text();
  expect(reply.status).toBe(200);
  expect(gateway.calls[0]?.arguments[0]).toEqual(['shop']);
  const kept = JSON.stringify([audit.events, gateway.calls.map(({ arguments: [, , context] }) => context)]);
  expect(kept).toContain('/lorekeep/search');
  expect(kept).not.toContain(testKey);
});

test('unknown paths with a key in them are noted without it', async () => {
  const audit = fakeAudit();
  const { call } = httpApp({ audit });
  await (await call(`/k/${testKey}/nowhere/${testKey}`, { withKey: false })).text();
  await (await call('/k/some-secret/lorekeep/version', { withKey: false })).text();
  expect(audit.events.map(({ details }) => [details['route'], details['status']])).toEqual([
    ['(none)', 404],
    ['/lorekeep/version', 401],
  ]);
  expect(JSON.stringify(audit.events)).not.toMatch(new RegExp(`${testKey}|some-secret`));
});

test('a project header that is no percent-encoding stands for itself', async () => {
  const gateway = fakeGateway();
  const { call } = httpApp({ gateway });
  const reply = await call('/lorekeep/search', {
    body: { question: 'How?' },
    headers: { 'x-lorekeep-project': '100%, %E5%BA%97' },
  });
  expect(reply.status).toBe(200);
  expect(gateway.calls.at(-1)?.arguments[0]).toEqual(['100%', '店']);
});

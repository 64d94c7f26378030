import { describe, expect, it } from 'vitest';
import type { ForwardedRequest } from '../../../../src/core/gateway/model-server.ts';
import type { Gateway } from '../../../../src/verbs/gateway/gateway.ts';
import { callerOf, fakeGatekeeper } from '../../../support/fake-gateway.ts';
import { requestOf } from '../../../support/http-calls.ts';
import { ollamaRoutes } from '../../../support/ollama-routes.ts';

const digest = `sha256:${'0'.repeat(64)}`;

function serviceOf(forward: Gateway['forward'], isAdmin = true) {
  const methods = { forward, resolveModel: (name: string) => name.replace('7b', '6.7b') };
  return ollamaRoutes({ methods }, { gatekeeper: fakeGatekeeper({ caller: callerOf({ isAdmin }) }) });
}

const sentTo = (gateway: ReturnType<typeof serviceOf>['gateway']) =>
  gateway.calls.find(({ method }) => method === 'forward')?.arguments[0] as ForwardedRequest;
const success = async () => Response.json({ status: 'success' });

describe('changing models', () => {
  it.each([
    ['POST', '/api/create'],
    ['POST', '/api/copy'],
    ['DELETE', '/api/delete'],
    ['POST', '/api/pull'],
    ['POST', `/api/blobs/${digest}`],
    ['HEAD', `/api/blobs/${digest}`],
  ])('%s %s needs the admin scope', async (method, path) => {
    const body = method === 'HEAD' ? {} : { body: '{"model":"a"}' };
    const plain = serviceOf(success, false);
    expect((await plain.call(path, { method, ...body })).status).toBe(403);
    expect(plain.gateway.calls).toEqual([]);
    const admin = serviceOf(success);
    expect((await admin.call(path, { method, ...body })).status).toBe(200);
    expect(sentTo(admin.gateway)).toMatchObject({ method, path });
  });

  it('hands on the body as it streams in, and what tells of it, but no key', async () => {
    const pieces: string[] = [];
    const { fetch, gateway } = serviceOf(async ({ body }) => {
      const reader = (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
      for (let next = await reader.read(); !next.done; next = await reader.read()) pieces.push(next.value);
      return new Response(null, { status: 201 });
    });
    const body = ReadableStream.from(['one', 'two']).pipeThrough(new TextEncoderStream());
    const headers = { 'content-type': 'application/octet-stream', cookie: 'a=b', 'x-api-key': 'secret' };
    const head = requestOf(`/api/blobs/${digest}`, { method: 'POST', headers });
    const response = await fetch(new Request(head, { method: 'POST', body, duplex: 'half' }));
    expect([response.status, pieces]).toEqual([201, ['one', 'two']]);
    expect(sentTo(gateway).headers).toEqual({ 'content-type': 'application/octet-stream' });
  });

  it('hands on progress line by line, and says where it breaks off', async () => {
    const more = Promise.withResolvers<void>();
    async function* lines() {
      yield '{"status":"pulling manifest"}\n{"sta';
      await more.promise;
      throw new Error('socket hang up');
    }
    const body = ReadableStream.from(lines()).pipeThrough(new TextEncoderStream());
    const headers = { 'content-type': 'application/x-ndjson', 'transfer-encoding': 'chunked', connection: 'close' };
    const { call } = serviceOf(async () => new Response(body, { headers }));
    const response = await call('/api/create', { body: '{}' });
    const given = (name: string) => response.headers.get(name);
    expect([given('content-type'), given('connection')]).toEqual(['application/x-ndjson', null]);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toContain('pulling manifest');
    more.resolve();
    const { value } = await reader.read();
    expect(value).toMatch(/^\n\{"error":"Something went wrong inside Lorekeep.*"\}\n$/);
    expect((await reader.read()).done).toBe(true);
  });

  it("hands on Ollama's refusals", async () => {
    const { call } = serviceOf(async () => Response.json({ error: 'model not found' }, { status: 404 }));
    const response = await call('/api/delete', { method: 'DELETE', body: '{"model":"a"}' });
    expect([response.status, await response.json()]).toEqual([404, { error: 'model not found' }]);
  });

  it.each(['model', 'name'])('pulls the model that an alias in `%s` stands for', async (field) => {
    const { call, gateway } = serviceOf(success);
    await call('/api/pull', { body: JSON.stringify({ [field]: 'deepseek-coder:7b', stream: false }) });
    expect(JSON.parse(sentTo(gateway).body as string)).toEqual({ model: 'deepseek-coder:6.7b', stream: false });
  });

  it.each(['x', '..%2Ftags', `sha256:${'0'.repeat(63)}`])('takes no blob named %s', async (name) => {
    const { call, gateway } = serviceOf(success);
    expect((await call(`/api/blobs/${name}`, { body: 'x' })).status).toBe(400);
    expect(gateway.calls).toEqual([]);
  });

  it('sends nothing to a registry', async () => {
    const { call, gateway } = serviceOf(success);
    expect((await call('/api/push', { body: '{"model":"a"}' })).status).toBe(403);
    expect(gateway.calls).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { ForwardedRequest } from '../../../src/core/gateway/model-server.ts';
import { startFakeOllama } from '../../support/fake-ollama.ts';
import { ollamaOf } from '../../support/ollama-of.ts';
import { startRawServer } from '../../support/raw-server.ts';

const get: ForwardedRequest = { method: 'GET', path: '/api/version', headers: {}, body: null };

describe('a forwarded request', () => {
  it('and its answer stay as they are, but for what belongs to a connection or to us', async () => {
    await using server = await startRawServer(async (request, response) => {
      let body = '';
      for await (const part of request.setEncoding('utf8')) body += part;
      const { method, url, headers } = request;
      response.writeHead(418, { 'x-own': 'kept', 'content-type': 'text/odd', connection: 'keep-alive' });
      response.end(JSON.stringify({ method, url, headers, body }));
    });
    const headers = {
      'Content-Type': 'text/odd',
      'X-Other': 'kept',
      Connection: 'close, x-hop',
      Host: 'elsewhere.example',
      Authorization: 'Bearer secret',
      'X-API-Key': 'secret',
      'x-lorekeep-project': 'shop',
      Origin: 'https://elsewhere.example',
      'Content-Length': '999',
    };
    const answer = await ollamaOf(server.url).forward({
      method: 'DELETE',
      path: '/api/delete?x=1',
      headers,
      body: '{"a":1}',
    });
    expect([answer.status, answer.headers.get('x-own'), answer.headers.get('connection')]).toEqual([418, 'kept', null]);
    const seen = (await answer.json()) as { headers: unknown };
    expect(seen).toMatchObject({ method: 'DELETE', url: '/api/delete?x=1', body: '{"a":1}' });
    const { host } = new URL(server.url);
    expect(seen.headers).toEqual({
      'content-type': 'text/odd',
      'x-other': 'kept',
      host,
      connection: 'close',
      'content-length': '7',
    });
  });

  it('streams a body that is larger than any buffer, at the speed of the server', async () => {
    const gate = Promise.withResolvers<void>();
    let received = 0;
    await using server = await startRawServer(async (request, response) => {
      await gate.promise;
      for await (const part of request as AsyncIterable<Uint8Array>) received += part.byteLength;
      response.writeHead(201).end();
    });
    const part = new Uint8Array(1024 * 1024);
    const parts = 64;
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent === parts) return controller.close();
        sent += 1;
        controller.enqueue(part);
      },
    });
    const headers = { 'content-length': String(parts * part.byteLength) };
    const answer = ollamaOf(server.url).forward({ method: 'POST', path: '/api/blobs/sha256:1', headers, body });
    // Far from all of it is taken while the server does not read.
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(sent).toBeLessThan(parts / 2);
    gate.resolve();
    expect((await answer).status).toBe(201);
    expect(received).toBe(parts * part.byteLength);
  });

  it('streams the answer, and ends the connection when its reader leaves', async () => {
    const gone = Promise.withResolvers<void>();
    await using server = await startRawServer((_request, response) => {
      response.once('close', gone.resolve);
      response.write('{"status":"pulling"}\n');
    });
    const answer = await ollamaOf(server.url).forward({ ...get, path: '/api/pull', method: 'POST', body: '{}' });
    const reader = answer.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('{"status":"pulling"}\n');
    await reader?.cancel();
    await gone.promise;
  });

  it('answers HEAD without a body', async () => {
    await using server = await startRawServer((_request, response) => response.end());
    const answer = await ollamaOf(server.url).forward({ ...get, method: 'HEAD', path: '/' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it.each(['http://elsewhere.example/', '//elsewhere.example/x', '/a b', '/a\r\nx: y', 'api'])(
    'goes only to the server that is in use: %j',
    async (path) => {
      await using server = await startRawServer((request, response) => response.end(request.url));
      const answer = ollamaOf(server.url).forward({ ...get, path });
      const outcome = await answer.then(
        (response) => response.text(),
        (error: { code: string }) => error.code,
      );
      // A path that only looks like a host reached our server as a path.
      expect(outcome).toBe(path.startsWith('//') ? path : 'request_invalid');
    },
  );

  it.each(['/api/chat', '/v1/chat/completions', '//api//chat?x'])('runs no model elsewhere: %s', async (path) => {
    await using server = await startFakeOllama({ '/api/show': { remote_host: 'https://elsewhere.example' } });
    const post = { method: 'POST', path, headers: {} };
    const ollama = ollamaOf(server.url);
    await expect(ollama.forward({ ...post, body: '{"model":"tiny"}' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ollama.forward({ ...post, body: 'x' })).rejects.toMatchObject({ code: 'request_invalid' });
    expect(server.seen.map((request) => request.path)).toEqual(['/api/tags', '/api/show']);
  });

  it('that changes models has them asked for anew', async () => {
    await using server = await startFakeOllama({ '/api/copy': {} });
    const ollama = ollamaOf(server.url);
    await ollama.describe('tiny');
    await (await ollama.forward({ method: 'POST', path: '/api/copy', headers: {}, body: '{}' })).text();
    await ollama.describe('tiny');
    expect(server.seen.filter(({ path }) => path === '/api/tags')).toHaveLength(2);
  });
});

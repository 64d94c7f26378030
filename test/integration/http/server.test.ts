import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get as getHttps } from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RequestTrace } from '../../../src/core/gateway/trace.ts';
import type { GatewayAnswerEvent } from '../../../src/verbs/gateway/gateway.ts';
import { callerOf, fakeAudit, fakeGatekeeper, fakeGateway, testKey } from '../../support/fake-gateway.ts';
import type { GatewayStep } from '../../support/fake-gateway.ts';
import { jsonHeaders, rawConnection, serveParts } from '../../support/http-server.ts';

/** Waits for a number of requests to be over. */
function overRequests() {
  const traces: RequestTrace[] = [];
  let wake = Promise.withResolvers<void>();
  return {
    onRequest(trace: RequestTrace) {
      traces.push(trace);
      wake.resolve();
      wake = Promise.withResolvers();
    },
    async atLeast(count: number): Promise<readonly RequestTrace[]> {
      while (traces.length < count) await wake.promise;
      return traces;
    },
  };
}

/** A gateway whose answer begins, then never goes on; `begun` tells that it was asked. */
function hangingGateway(first: readonly GatewayStep<GatewayAnswerEvent>[] = []) {
  const begun = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<unknown>();
  const standard = fakeGateway({ answer: [...first, new Promise(() => {})] });
  const gateway = {
    ...standard,
    ask: (...[question, context]: Parameters<typeof standard.ask>) => {
      context.signal.addEventListener('abort', () => stopped.resolve(context.signal.reason));
      begun.resolve();
      return standard.ask(question, context);
    },
  };
  return { gateway, begun: begun.promise, stopped: stopped.promise, ended: standard.ended };
}

function ask(url: string, body: object, signal?: AbortSignal): Promise<Response> {
  const init = { method: 'POST', headers: jsonHeaders, body: JSON.stringify({ question: 'How?', ...body }) };
  return fetch(`${url}/lorekeep/ask`, signal === undefined ? init : { ...init, signal });
}

describe('a client', () => {
  test('is answered over a socket, key in header or path, and noted with its address', async () => {
    const audit = fakeAudit();
    const over = overRequests();
    const { url } = await serveParts({ audit }, { onRequest: over.onRequest });
    const inHeader = await ask(url, {});
    const inPath = await fetch(`${url}/k/${testKey}/p/shop/lorekeep/ask`, {
      method: 'POST',
      body: JSON.stringify({ question: '用Go实现' }),
    });
    expect([inHeader.status, inPath.status]).toEqual([200, 200]);
    expect(await inPath.json()).toMatchObject({ answer: 'Sessions open in the store [1].' });
    await inHeader.text();
    await over.atLeast(2);
    expect(audit.events.map(({ details }) => [details['status'], details['clientAddress'], details['error']])).toEqual([
      [200, '127.0.0.1', undefined],
      [200, '127.0.0.1', undefined],
    ]);
  });

  test.each([
    ['waits for the whole answer', {}, []],
    ['reads a stream', { stream: true }, [{ type: 'text', text: 'So' }]],
  ] as const)('that goes away while it %s stops the work', async (_, body, first) => {
    const { gateway, begun, stopped, ended } = hangingGateway([...first]);
    const audit = fakeAudit();
    const over = overRequests();
    const { url } = await serveParts({ gateway, audit }, { onRequest: over.onRequest });
    const client = new AbortController();
    const reply = ask(url, body, client.signal);
    await begun;
    if (first.length > 0) await (await reply).body!.getReader().read();
    client.abort();
    await reply.catch(() => {});
    expect(await stopped).toMatchObject({ code: 'aborted' });
    await over.atLeast(1);
    expect(ended()).toBe(1);
    expect(audit.events[0]?.details).toMatchObject({ error: 'aborted', status: first.length > 0 ? 200 : 499 });
  });

  test('with a key in its path stops the work, too', async () => {
    const { gateway, begun, stopped } = hangingGateway();
    const { url } = await serveParts({ gateway });
    const client = new AbortController();
    const body = JSON.stringify({ question: 'How?' });
    const reply = fetch(`${url}/k/${testKey}/lorekeep/ask`, { method: 'POST', body, signal: client.signal });
    await begun;
    client.abort();
    await reply.catch(() => {});
    expect(await stopped).toMatchObject({ code: 'aborted' });
  });

  test('that is slow to say what it wants is cut off, others are served meanwhile', async () => {
    const { url, port } = await serveParts({}, { limits: { headerMs: 150, requestMs: 300 } });
    const slowHead = await rawConnection(port);
    slowHead.socket.write('POST /lorekeep/ask HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    const slowBody = await rawConnection(port);
    slowBody.socket.write(
      `POST /lorekeep/ask HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: ${testKey}\r\nContent-Length: 100\r\n\r\n{"qu`,
    );
    expect((await fetch(`${url}/lorekeep/version`, { headers: jsonHeaders })).status).toBe(200);
    expect(await slowHead.received()).toMatch(/^HTTP\/1\.1 408 /);
    expect(await slowBody.received()).toMatch(/^HTTP\/1\.1 408 /);
  });

  test.each([
    ['a head that is too long', `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n', 403],
    [
      'a foreign absolute URL',
      'GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      403,
    ],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
  ])('that sends %s is refused', async (_, bytes, status) => {
    const { port } = await serveParts();
    const { socket, received } = await rawConnection(port);
    socket.end(bytes);
    const reply = await received();
    expect(reply).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test('that sends chunks without end is stopped at the limit', async () => {
    const { port } = await serveParts({ maxBodyBytes: 10_000 });
    const { socket, received } = await rawConnection(port);
    socket.write(
      `POST /lorekeep/ask HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: ${testKey}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`,
    );
    const chunk = `3e8\r\n${'x'.repeat(1_000)}\r\n`;
    const feed = setInterval(() => socket.write(chunk), 1);
    onTestFinished(() => clearInterval(feed));
    expect(await received()).toMatch(/^HTTP\/1\.1 413 [\s\S]*at most 10000 bytes/);
  });
});

describe('closing', () => {
  test('lets requests in flight end, and takes no new ones', async () => {
    const release = Promise.withResolvers<void>();
    const answer = fakeGateway().ask;
    const begun = Promise.withResolvers<void>();
    const gateway = fakeGateway({
      methods: {
        async *ask(question, context) {
          begun.resolve();
          await release.promise;
          yield* answer(question, context);
        },
      },
    });
    const server = await serveParts({ gateway }, { limits: { drainMs: 30_000 } });
    const reply = ask(server.url, {});
    await begun.promise;
    const closed = server.close();
    await expect(fetch(`${server.url}/`)).rejects.toThrow('fetch failed');
    release.resolve();
    const { status, headers } = await reply;
    expect([status, headers.get('connection')]).toEqual([200, 'close']);
    expect(await closed).toBe(true);
  });

  test('ends what takes too long with an error of its protocol', async () => {
    const streaming = hangingGateway([{ type: 'text', text: 'So' }]);
    const server = await serveParts({ gateway: streaming.gateway }, { limits: { drainMs: 20, farewellMs: 5_000 } });
    const stream = await ask(server.url, { stream: true });
    const body = stream.text();
    expect(await server.close()).toBe(false);
    expect((await body).trim().split('\n').slice(-2)).toEqual([
      'event: error',
      'data: {"error":{"code":"aborted","message":"The service is shutting down."}}',
    ]);
    const pending = hangingGateway();
    const other = await serveParts({ gateway: pending.gateway }, { limits: { drainMs: 20, farewellMs: 5_000 } });
    const reply = ask(other.url, {});
    await pending.begun;
    await other.close();
    const { status, headers } = await reply;
    expect([status, headers.get('retry-after'), await (await reply).json()]).toEqual([
      503,
      '5',
      { error: { code: 'aborted', message: 'The service is shutting down.' } },
    ]);
  });

  test('does not wait for who never reads', async () => {
    const text = 'x'.repeat(1_000_000);
    const events = Array.from({ length: 50 }, () => ({ type: 'text', text }) as const);
    const { gateway, begun } = hangingGateway(events);
    const server = await serveParts({ gateway }, { limits: { drainMs: 20, farewellMs: 50 } });
    const { socket } = await rawConnection(server.port);
    socket.pause();
    const question = '{"question":"How?","stream":true}';
    socket.write(
      `POST /lorekeep/ask HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: ${testKey}\r\nContent-Length: ${question.length}\r\n\r\n${question}`,
    );
    await begun;
    expect(await server.close()).toBe(false);
    socket.destroy();
  });

  test('twice is closing once', async () => {
    const server = await serveParts();
    expect(await Promise.all([server.close(), server.close()])).toEqual([true, true]);
  });
});

describe('starting', () => {
  test('says what to do when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(serveParts({}, { port })).rejects.toMatchObject({
      code: 'config_invalid',
      message: `Port ${port} on 127.0.0.1 is in use. Choose another with --port ${port + 1}, or stop what listens there.`,
    });
  });

  test('says what to do about an address of another machine', async () => {
    await expect(serveParts({}, { host: '192.0.2.1' })).rejects.toMatchObject({ code: 'config_invalid' });
  });

  test.each(['0.0.0.0', '::', '192.168.1.5', 'build.example'])(
    'without keys it does not listen on %s',
    async (host) => {
      await expect(serveParts({}, { host, allowAnonymous: true })).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('--no-auth'),
      });
    },
  );

  test('without keys it listens on this machine; beyond it only keys, with a warning where there is no TLS', async () => {
    const keyless = fakeGatekeeper({ keyless: callerOf() });
    const local = await serveParts({ gatekeeper: keyless }, { allowAnonymous: true });
    expect([local.notices, (await fetch(`${local.url}/lorekeep/version`)).status]).toEqual([[], 200]);
    const open = await serveParts({}, { host: '0.0.0.0' });
    expect(open.notices).toEqual([expect.stringContaining('--tls-cert')]);
    expect((await fetch(`http://127.0.0.1:${open.port}/lorekeep/version`)).status).toBe(401);
  });
});

describe('TLS', () => {
  function certificate() {
    const folder = mkdtempSync(join(tmpdir(), 'lorekeep-tls-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    execFileSync('openssl', ['req', '-x509', ...options, ...names, '-keyout', keyFile, '-out', certFile], {
      stdio: 'pipe',
    });
    return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  }

  test('answers with the certificate it was given', async () => {
    const tls = certificate();
    const { url, port, notices } = await serveParts({}, { tls, host: '0.0.0.0' });
    expect([url, notices]).toEqual([`https://0.0.0.0:${port}`, []]);
    const reply = await new Promise<string>((resolve, reject) => {
      const headers = { authorization: `Bearer ${testKey}` };
      getHttps(`https://localhost:${port}/lorekeep/version`, { ca: tls.cert, headers }, (incoming) =>
        resolve(text(incoming)),
      ).on('error', reject);
    });
    expect(JSON.parse(reply)).toEqual({ version: '1.2.3' });
  });

  test('says what is wrong with files that do not belong together', async () => {
    const [one, other] = [certificate(), certificate()];
    for (const tls of [
      { cert: one.cert, key: other.key },
      { cert: 'no certificate', key: one.key },
    ])
      await expect(serveParts({}, { tls })).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('--tls-cert'),
      });
  });
});

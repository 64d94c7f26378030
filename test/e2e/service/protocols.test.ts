import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rawConnection } from '../../support/http-server.ts';
import { isOllamaSetUp, ollamaLeftOut, startOllama } from '../../support/ollama-server.ts';
import type { OllamaServer } from '../../support/ollama-server.ts';
import { startService } from '../../support/running-service.ts';
import type { RunningService } from '../../support/running-service.ts';

const available = isOllamaSetUp();
if (!available) process.stdout.write(`${ollamaLeftOut}\n`);

const model = 'smollm2:135m';
const question = 'How does the RateLimiter refill its buckets?';
const hello = [{ role: 'user', content: 'Say hello.' }];
/** The same prompt in each protocol, so that the model reads it once. */
const chats: readonly (readonly [string, object])[] = [
  ['/api/chat', { options: { num_predict: 4 } }],
  ['/v1/chat/completions', { max_tokens: 4 }],
  ['/v1/messages', { max_tokens: 4 }],
];

describe.runIf(available)('lorekeep serve before a real Ollama', () => {
  let ollama: OllamaServer | null = null;
  let service: RunningService;

  beforeAll(async () => {
    ollama = await startOllama();
    service = await startService({ modelUrl: ollama?.url ?? '', fixtures: ['parcel-desk', 'shop'] });
  });

  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await ollama?.stop();
  });

  /** Says hello with one token, which costs next to nothing. */
  const greet = (path: string, more: object = {}, headers: Record<string, string> = {}): Promise<Response> =>
    service.call(path, { model, messages: hello, max_tokens: 1, ...more }, { headers });

  test("answers a client's general question as Ollama would, without looking at the projects", async () => {
    const body = { model: 'deepseek-coder:7b', prompt: '用Go实现一个快速排序算法', stream: false };
    const reply = await service.call('/api/generate', { ...body, options: { num_predict: 8 } });
    expect([reply.status, reply.headers.get('x-lorekeep-route')]).toEqual([200, 'none']);
    expect(reply.headers.get('x-lorekeep-citations')).toBeNull();
    expect(await reply.json()).toMatchObject({
      model: 'deepseek-coder:7b',
      response: expect.stringMatching(/\S/),
      done: true,
    });
    expect(await service.auditOf(reply)).toMatchObject({
      model: 'deepseek-coder:6.7b',
      decision: 'none',
      keyName: 'first',
      outputTokens: 8,
      status: 200,
    });
  });

  describe.each(chats)('a question about a project at %s', (path, limit) => {
    const asked = { model: `${model}@parcel-desk`, messages: [{ role: 'user', content: question }], ...limit };

    test('is answered with places that are there', async () => {
      const reply = await service.call(path, { ...asked, stream: false });
      expect([reply.status, reply.headers.get('x-lorekeep-route')]).toEqual([200, 'symbol']);
      expect(reply.headers.get('x-lorekeep-freshness')).toBe('current');
      expect(JSON.stringify(await reply.json())).toContain(`"model":"${model}@parcel-desk"`);
      const cited = citedTexts(service, 'parcel-desk', reply);
      expect(cited.join('\n')).toContain('class RateLimiter {');
      const { sent, projects } = await service.auditOf(reply);
      expect(projects).toEqual(['parcel-desk']);
      expect(sent).toHaveLength(cited.length);
    });

    test('streams, with the places behind the answer where that is wanted', async () => {
      const reply = await service.call(path, { ...asked, stream: true, lorekeep: { citations: true } });
      const text = await reply.text();
      expect(text).toMatch(/Evidence \(Lorekeep\):.*parcel-desk: api\/src\/rate-limiter\.ts:1-41/);
      expect(text.trimEnd().split('\n').at(-1)).toMatch(/"done":true|\[DONE\]|message_stop/);
    });
  });

  test.each<readonly [string, string, { readonly more?: object; readonly headers?: Record<string, string> }]>([
    ['the name of the model', '/v1/chat/completions', { more: { model: `${model}@shop` } }],
    ['a header', '/v1/chat/completions', { headers: { 'x-lorekeep-project': 'shop' } }],
    ['the path', '/p/shop/v1/chat/completions', {}],
    ['a field', '/v1/chat/completions', { more: { lorekeep: { project: 'shop' } } }],
  ])('takes the project from %s', async (_, path, { more, headers }) => {
    expect((await greet('/v1/chat/completions')).headers.get('x-lorekeep-project')).toBe('parcel-desk, shop');
    expect((await greet(path, more, headers)).headers.get('x-lorekeep-project')).toBe('shop');
  });

  test('does not know a project that is not served', async () => {
    const reply = await greet('/p/bank/v1/chat/completions');
    expect(reply.status).toBe(404);
    expect(await reply.json()).toMatchObject({
      error: { message: expect.stringContaining('parcel-desk, shop'), type: 'not_found_error' },
    });
  });

  test.each<readonly [string, (key: string) => Promise<Response>]>([
    ['in the path', (key) => fetch(`${service.url}/k/${key}/api/tags`)],
    ['in the path of /v1', (key) => fetch(`${service.url}/k/${key}/v1/models`)],
    ['as x-api-key', (key) => fetch(`${service.url}/v1/models`, { headers: { 'x-api-key': key } })],
    [
      'as Basic',
      (key) => fetch(`${service.url}/api/tags`, { headers: { authorization: `Basic ${btoa(`user:${key}`)}` } }),
    ],
  ])('takes a key %s, and no other key', async (_, ask) => {
    expect((await ask(service.key)).status).toBe(200);
    expect((await ask(`${service.key}x`)).status).toBe(401);
  });

  test.each<readonly [string, object]>([
    ['/api/chat', { error: expect.stringContaining('key') }],
    ['/v1/chat/completions', { error: { code: 'invalid_api_key', type: 'authentication_error' } }],
    ['/v1/messages', { type: 'error', error: { type: 'authentication_error' } }],
    ['/lorekeep/ask', { error: { code: 'unauthorized' } }],
  ])('refuses a wrong key, and none, as %s says it', async (path, shape) => {
    for (const authorization of ['Bearer wrong', '']) {
      const reply = await greet(path, {}, { authorization });
      expect(reply.status).toBe(401);
      expect(await reply.json()).toMatchObject(shape);
    }
  });

  test('lets a key see its own projects alone, and administrators alone change models', async () => {
    const { sandbox } = service;
    const { key } = await sandbox.json<{ key: string }>(sandbox.home, 'keys', 'create', 'shop', '--project', 'shop');
    const headers = { authorization: `Bearer ${key}` };
    const listed = (await (await service.call('/lorekeep/projects', null, { headers })).json()) as {
      projects: readonly { name: string }[];
    };
    expect(listed.projects.map(({ name }) => name)).toEqual(['shop']);
    expect((await greet('/v1/chat/completions', {}, headers)).headers.get('x-lorekeep-project')).toBe('shop');
    expect((await greet('/p/parcel-desk/api/chat', {}, headers)).status).toBe(403);
    expect((await service.call('/p/parcel-desk/lorekeep/search', { question }, { headers })).status).toBe(403);
    expect((await service.call('/api/pull', { model: 'x' })).status).toBe(403);
    expect((await service.call('/lorekeep/projects/shop/index', {})).status).toBe(403);
  });

  test.each([
    ['a page of another site', 'Host: HERE\r\nOrigin: https://evil.example', 403],
    ['a name that was pointed at this machine', 'Host: evil.example', 403],
    ['no name', 'X-Nothing: 1', 400],
    ['this machine', 'Host: localhost', 200],
  ])('decides by name and origin: %s', async (_, head, status) => {
    const { socket, received } = await rawConnection(service.port);
    const named = head.replace('HERE', `127.0.0.1:${service.port}`);
    socket.write(
      `GET /api/version HTTP/1.1\r\n${named}\r\nAuthorization: Bearer ${service.key}\r\nConnection: close\r\n\r\n`,
    );
    const reply = await received();
    expect(reply).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(reply).not.toContain('access-control-allow');
  });
});

/** The lines that a reply cites, read from the project's files. */
function citedTexts({ sandbox }: RunningService, project: string, reply: Response): readonly string[] {
  const places = (reply.headers.get('x-lorekeep-citations') ?? '').split(', ');
  return places.map((place) => {
    const [, path = '', first, last] = /^\[\d+\] (\S+):(\d+)-(\d+)$/.exec(place) ?? [];
    const lines = readFileSync(join(sandbox.projectFolder(project), path), 'utf8').split('\n');
    expect(Number(last)).toBeLessThanOrEqual(lines.length);
    return lines.slice(Number(first) - 1, Number(last)).join('\n');
  });
}

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCli } from '../../../src/cli/run.ts';
import { listenForInterrupts } from '../../../src/cli/interrupts.ts';
import { projectLine } from '../../../src/cli/commands/serve/project-states.ts';
import { requestLine } from '../../../src/cli/commands/serve/request-line.ts';
import { createTerminal } from '../../../src/cli/terminal.ts';
import { ServiceError } from '../../../src/core/errors.ts';
import type { Service } from '../../../src/service.ts';
import type { ServedParts, ServeRequest } from '../../../src/verbs/gateway/served.ts';
import { callerOf, fakeAudit, fakeGatekeeper, fakeGateway, testKey } from '../../support/fake-gateway.ts';
import { fakeService, shopStatus } from '../../support/fake-service.ts';
import { memoryStream, runWith } from '../../support/cli-world.ts';

const shop = {
  name: 'shop',
  root: '/code/shop',
  state: 'ready',
  progress: null,
  problem: null,
  live: null,
  status: shopStatus,
} as const;

/** A running `lorekeep serve` in this process. */
interface Serving {
  readonly url: string;
  readonly asked: readonly ServeRequest[];
  readonly closed: () => number;
  /** Sends SIGTERM and waits for the end. */
  readonly stop: () => Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>;
}

async function serve(
  words: readonly string[],
  changes: Partial<ServedParts> = {},
  service: Partial<Service> = {},
): Promise<Serving> {
  const [stdout, stderr] = [memoryStream(), memoryStream()];
  const listening = Promise.withResolvers<string>();
  stdout.on('data', () => {
    const [, url] = /listens on (\S+)|"url":"([^"]+)"/.exec(stdout.text())?.filter(Boolean) ?? [];
    if (url !== undefined) listening.resolve(url);
  });
  const asked: ServeRequest[] = [];
  let closed = 0;
  const parts: ServedParts = {
    gateway: fakeGateway(),
    gatekeeper: fakeGatekeeper(),
    audit: fakeAudit(),
    makeFirstKey: async () => null,
    notices: [],
    close: async () => void (closed += 1),
    ...changes,
  };
  const signals = new Map<string, () => void>();
  const ended = runCli(['serve', ...(words.includes('--port') ? [] : ['--port', '0']), ...words], {
    terminal: createTerminal({ stdout, stderr, environmentColumns: 100 }),
    interrupts: listenForInterrupts({
      on: (name, listener) => signals.set(name, listener),
      off: () => {},
      exit: () => {},
    }),
    debug: false,
    now: () => performance.now(),
    currentFolder: () => '/code/shop',
    version: () => '1.2.3',
    async *lines() {},
    openService: async () =>
      fakeService({
        serve: async (request) => {
          asked.push(request);
          return parts;
        },
        ...service,
      }),
  });
  void ended.then((status) => listening.reject(new Error(`ended with ${status}: ${stderr.text()}`)));
  const url = await listening.promise;
  const stop = async () => {
    signals.get('SIGTERM')?.();
    return { status: await ended, stdout: stdout.text(), stderr: stderr.text() };
  };
  onTestFinished(async () => void (await stop()));
  return { url, asked, closed: () => closed, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('lorekeep serve', () => {
  test('answers until a signal comes, closes what it opened, and ends with 0', async () => {
    const { url, asked, closed, stop } = await serve([]);
    const headers = { authorization: `Bearer ${testKey}` };
    expect(await (await fetch(url)).text()).toBe('Ollama is running');
    expect(await (await fetch(`${url}/lorekeep/version`, { headers })).json()).toEqual({ version: '1.2.3' });
    expect(asked).toEqual([{ folders: ['/code/shop'], allowAnonymous: false }]);
    const { status, stdout, stderr } = await stop();
    expect([status, closed()]).toEqual([0, 1]);
    expect(stdout).toContain('A key is needed.');
    expect(stderr).toContain('shop: ready (2 files, 5 chunks)');
    expect(stderr).toContain('Stopping');
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test('does not go on listening when the first key cannot be made', async () => {
    const port = await freePort();
    const makeFirstKey = () => Promise.reject(new ServiceError('store_failed', 'The disk is full.'));
    await expect(serve(['--port', String(port)], { makeFirstKey })).rejects.toThrow('The disk is full.');
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow('fetch failed');
  });

  test('prints addresses with the first key, which stands behind # or in the path', async () => {
    const { url, stop } = await serve([], { makeFirstKey: async () => testKey, notices: ['Look at this.'] });
    const { stdout, stderr } = await stop();
    expect(
      stdout
        .split('\n')
        .slice(2, 8)
        .map((line) => line.replace(/ +/g, ' ')),
    ).toEqual([
      ` Ollama clients ${url}`,
      ` OpenAI clients ${url}/v1`,
      ` Anthropic clients ${url}`,
      ` In a browser ${url}/#key=${testKey}`,
      ` Key ${testKey}`,
      ` Without a field for a key ${url}/k/${testKey} (OpenAI clients: ${url}/k/${testKey}/v1)`,
    ]);
    expect(stderr).toContain('Look at this.');
  });

  test('with --json prints the same as one object', async () => {
    const { url, stop } = await serve(['--json'], { makeFirstKey: async () => testKey });
    expect(JSON.parse((await stop()).stdout)).toMatchObject({
      url,
      port: Number(new URL(url).port),
      key: testKey,
      addresses: { openai: `${url}/v1`, keyInPath: `${url}/k/${testKey}` },
    });
  });

  test('serves a page to browsers, in one file under a strict policy', async () => {
    const { url } = await serve([]);
    const reply = await fetch(url, { headers: { accept: 'text/html' } });
    expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await reply.text()).toContain('<title>Lorekeep</title>');
  });

  test('with --no-auth needs no key, and says so', async () => {
    const { url, asked, stop } = await serve(['--no-auth'], { gatekeeper: fakeGatekeeper({ keyless: callerOf() }) });
    expect((await fetch(`${url}/lorekeep/version`)).status).toBe(200);
    expect(asked[0]?.allowAnonymous).toBe(true);
    expect((await stop()).stdout).toContain('No key is needed');
  });

  test('with --verbose prints each request, never its key', async () => {
    const { url, stop } = await serve(['--verbose']);
    await (await fetch(`${url}/k/${testKey}/lorekeep/version`)).text();
    const { stderr } = await stop();
    expect(stderr).toMatch(/^\S+Z 200 GET \/lorekeep\/version \d+ ms key=tests id=\S+$/m);
    expect(stderr).not.toContain(testKey);
  });

  test('tells what becomes of projects', async () => {
    const states = [
      [{ ...shop, state: 'indexing', progress: 0.5, status: null }],
      [shop, { ...shop, name: 'bank', state: 'failed', problem: 'The disk is full.' }],
    ] as const;
    const told = Promise.withResolvers<void>();
    let looks = 0;
    const projects = async () => {
      looks += 1;
      if (looks === 2) told.resolve();
      return states[Math.min(looks, 2) - 1]!;
    };
    const { stop } = await serve([], { gateway: fakeGateway({ methods: { projects } }) });
    await told.promise;
    expect((await stop()).stderr.split('\n').slice(0, 3)).toEqual([
      'shop: indexing /code/shop',
      'shop: ready (2 files, 5 chunks)',
      'bank: not up to date: The disk is full.',
    ]);
  });

  test('tells failures inside the service, which clients are not told', async () => {
    const failing = fakeGateway({ methods: { search: async () => Promise.reject(new TypeError('deep reason')) } });
    const { url, stop } = await serve([], { gateway: failing });
    const init = { method: 'POST', headers: { 'x-api-key': testKey }, body: '{"question":"x"}' };
    expect(await (await fetch(`${url}/lorekeep/search`, init)).text()).not.toContain('deep reason');
    expect((await stop()).stderr).toMatch(/^[\da-f-]{36}: internal: Unexpected failure: deep reason$/m);
  });
});

describe('what it serves', () => {
  test('are the projects named', async () => {
    const service = { folderOf: async ({ named }: { named: readonly string[] }) => `/code/${named[0]}` };
    const { asked } = await serve(['-p', 'shop', '-p', 'bank'], {}, service);
    expect(asked[0]?.folders).toEqual(['/code/shop', '/code/bank']);
  });

  test('are all with an index where the current folder is none to index unasked', async () => {
    const objection = async () => Promise.reject(new ServiceError('not_indexed', 'That is your home folder.'));
    const listing = { ...shopStatus.project, totals: null, lastCompletedRun: null, diskBytes: 0, problem: null };
    const { asked } = await serve([], {}, { foldersWithoutIndex: objection, listProjects: async () => [listing] });
    expect(asked[0]?.folders).toEqual(['/code/shop']);
    const none = await runWith(['serve'], { foldersWithoutIndex: objection });
    expect(none).toMatchObject({ status: 3, stderr: 'lorekeep: That is your home folder.\n' });
  });
});

describe('a start that fails', () => {
  const parts = (closed: () => void): Partial<Service> => ({
    serve: async () => ({
      gateway: fakeGateway(),
      gatekeeper: fakeGatekeeper(),
      audit: fakeAudit(),
      makeFirstKey: async () => null,
      notices: [],
      close: async () => closed(),
    }),
  });

  test('names another port, and closes what it opened', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    let closed = 0;
    const outcome = await runWith(
      ['serve', '--port', String(port)],
      parts(() => (closed += 1)),
    );
    expect([outcome.status, closed]).toEqual([2, 1]);
    expect(outcome.stderr).toContain(`Choose another with --port ${port + 1}`);
  });

  test.each([
    [['--no-auth', '--host', '0.0.0.0'], 'Leave out --no-auth'],
    [['--tls-cert', 'a.pem'], 'TLS needs both files'],
    [['--tls-cert', '/no/a.pem', '--tls-key', '/no/b.pem'], '/no/a.pem cannot be read (ENOENT)'],
    [['--model-url', 'http://127.0.0.1:11435', '--port', '11435'], 'it would ask itself'],
    [['--port', '70000'], '"listenPort"'],
    [['--allow-origin', 'chat.example'], '"allowedOrigins'],
  ])('%j says what to do', async (words, message) => {
    const { status, stderr } = await runWith(
      ['serve', ...words],
      parts(() => {}),
    );
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});

test('a line for a request says what was decided and spent', () => {
  const trace = {
    id: 'r1',
    startedAt: '2026-01-02T03:04:05.678Z',
    method: 'POST',
    route: '/api/chat',
    clientAddress: '127.0.0.1',
    callerName: 'my key',
    model: 'tiny@shop',
    decision: 'hybrid',
    cache: 'miss',
    promptTokens: 12,
    outputTokens: 3,
    status: 200,
    durationMs: 1_250,
  } as const;
  expect(requestLine(trace)).toBe(
    '2026-01-02T03:04:05.678Z 200 POST /api/chat 1.3 s key="my key" model=tiny@shop decision=hybrid cache=miss tokens=12+3 id=r1',
  );
  expect(requestLine({ ...trace, model: 'a\u001b[2J b' })).not.toContain('\u001b');
});

test('a project that is brought up to date says so', () => {
  expect(projectLine({ ...shop, state: 'indexing' })).toBe(
    'shop: looking for changes; answers come from what is indexed (2 files, 5 chunks)',
  );
});

import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { vi } from 'vitest';
import { createSandbox } from './cli-process.ts';
import type { Sandbox } from './cli-process.ts';

/** How `lorekeep serve` is started. */
export interface ServiceOptions {
  /** Address of the model server. */
  readonly modelUrl: string;
  /** Fixture projects to serve copies of. Default `parcel-desk` alone. */
  readonly fixtures?: readonly string[];
  /** Further words of the command line. */
  readonly words?: readonly string[];
  /** Home folder that somebody else removes, with the copies in it; else the service has one of its own. */
  readonly sandbox?: Sandbox;
  /** False: resolves as soon as the service listens. Default: when all projects are ready, too. */
  readonly waitsForIndex?: boolean;
  /** Key to call with, made by an earlier service. */
  readonly key?: string;
}

/** An audit line's details. */
export type AuditDetails = Readonly<Record<string, unknown>>;

/** A real `lorekeep serve` as a process of its own. */
export interface RunningService extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** The key that its first start has made; '' where it has made none. */
  readonly key: string;
  readonly sandbox: Sandbox;
  /** Resolves when all projects are ready. */
  readonly ready: Promise<void>;
  /** A request with a key; a body makes it a POST of JSON. */
  call(path: string, body?: object | null, init?: RequestInit): Promise<Response>;
  /** What the audit log says of a reply's request. Waits until it is on disk. */
  auditOf(reply: Response): Promise<AuditDetails>;
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<{ readonly status: number; readonly stderr: string }>;
}

/** Starts a service on a free port. It ends with `stop`, or with the scope of `await using`. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { modelUrl, fixtures = ['parcel-desk'], words = [], waitsForIndex = true } = options;
  const sandbox = options.sandbox ?? createSandbox();
  const folders = fixtures.flatMap((name) => ['--project', sandbox.projectFolder(name)]);
  const child = sandbox.start(sandbox.home, ['serve', '--json', '--port', '0', ...folders, ...words], {
    LOREKEEP_MODEL_URL: modelUrl,
  });
  let stderr = '';
  const ready = Promise.withResolvers<void>();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    if (fixtures.every((name) => stderr.includes(`${name}: ready`))) ready.resolve();
  });
  const ended = once(child, 'close').then(([status]) => ({ status: Number(status ?? -1), stderr }));
  const early = ended.then(() => Promise.reject(new Error(`lorekeep serve has ended: ${stderr}`)));
  // Its end is a failure only while somebody waits for more.
  early.catch(() => undefined);
  const lines = createInterface({ input: child.stdout! });
  const [line] = (await Promise.race([once(lines, 'line'), early])) as [string];
  const { url, port, key: madeKey } = JSON.parse(line) as { url: string; port: number; key: string | null };
  const key = madeKey ?? (options.key || null);
  if (waitsForIndex) await Promise.race([ready.promise, early]);
  let isStopping = false;
  const stop = (): ReturnType<RunningService['stop']> => {
    // A second signal would end it at once.
    if (!isStopping) child.kill('SIGTERM');
    isStopping = true;
    return ended;
  };
  return {
    url,
    port,
    key: madeKey ?? '',
    sandbox,
    ready: ready.promise,
    call: (path, body = null, init = {}) => fetch(`${url}${path}`, requestOf({ body, key, init })),
    auditOf: (reply) => vi.waitFor(() => lineOf(sandbox, reply.headers.get('x-request-id')), { timeout: 10_000 }),
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      if (options.sandbox === undefined) sandbox.remove();
    },
  };
}

interface Calling {
  readonly body: object | null;
  readonly key: string | null;
  readonly init: RequestInit;
}

function requestOf({ body, key, init }: Calling): RequestInit {
  const headers = new Headers(init.headers);
  if (key !== null && !headers.has('authorization')) headers.set('authorization', `Bearer ${key}`);
  if (body === null) return { ...init, headers };
  headers.set('content-type', 'application/json');
  return { method: 'POST', ...init, headers, body: JSON.stringify(body) };
}

function lineOf({ dataFolder }: Sandbox, id: string | null): AuditDetails {
  const folder = join(dataFolder, 'audit');
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'));
  const found = lines
    .map((line) => (JSON.parse(line) as { readonly details: AuditDetails }).details)
    .find((details) => details['id'] === id);
  if (found === undefined) throw new Error(`the audit log has no request ${id}`);
  return found;
}

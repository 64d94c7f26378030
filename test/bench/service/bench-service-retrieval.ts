import { once } from 'node:events';
import { appendFileSync, globSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../percentile.ts';
import { startService } from './start-service.ts';
import type { BenchService, ServiceOptions } from './start-service.ts';
import { startStubOllama, stubModel } from './stub-ollama.ts';

export interface BenchRetrievalOptions extends ServiceOptions {
  /** Folder to serve. */
  readonly project: string;
  /** JSON Lines with a question about it in `query`. */
  readonly queries: string;
  readonly stubPort: number;
}

const stubDelayMs = 20;
const warmUp = 20;
const repeats = 500;
const changes = 5;

interface Reply {
  readonly ms: number;
  readonly route: string;
  readonly cache: string;
}

/**
 * What a question about the project costs beside the stub's own time, and what an answer costs that was given before: while nothing has
 * changed, and after a file has.
 */
export async function benchRetrieval(options: BenchRetrievalOptions): Promise<Record<string, unknown>> {
  const lines = readFileSync(options.queries, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const questions = lines.map((line) => (JSON.parse(line) as { readonly query: string }).query);
  const stub = await startStubOllama({ delayMs: stubDelayMs, slots: Infinity, port: options.stubPort });
  const service = await startService(stub.url, { ...options, flags: ['--reconcile-seconds', '86400'] });
  const ask = (content: string, kept: boolean): Promise<Reply> => askOnce(service, content, kept);
  try {
    await ready(service);
    for (const question of questions.slice(0, warmUp)) await ask(question, false);
    const asked: Reply[] = [];
    for (const question of questions.slice(warmUp)) asked.push(await ask(question, false));
    const direct = await directMs(stub.url);
    const [first = ''] = questions;
    await ask(first, true);
    const hits: Reply[] = [];
    for (let turn = 0; turn < repeats; turn++) hits.push(await ask(first, true));
    const after: Reply[] = [];
    for (let change = 0; change < changes; change++) {
      changeSomething(service);
      after.push(await ask(first, true));
    }
    return report({ asked, direct, hits, after });
  } finally {
    agent.destroy();
    await service.stop();
    await stub.close();
  }
}

async function askOnce({ target }: BenchService, content: string, kept: boolean): Promise<Reply> {
  const body = JSON.stringify({
    model: stubModel,
    messages: [{ role: 'user', content }],
    stream: false,
    lorekeep: { cache: kept, retrieve: 'always' },
  });
  const { ms, response } = await post(`${target.url}/api/chat`, target.key, body);
  if (response.statusCode !== 200) throw new Error(`a request was answered with status ${response.statusCode}`);
  const header = (name: string): string => String(response.headers[`x-lorekeep-${name}`] ?? '');
  return { ms, route: header('route'), cache: header('cache') };
}

const agent = new Agent({ keepAlive: true });

/** By node:http over one kept connection: `fetch` alone would take a good part of what is measured. */
async function post(
  url: string,
  key: string | null,
  body: string,
): Promise<{ readonly ms: number; readonly response: IncomingMessage }> {
  const length = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const headers = key === null ? length : { ...length, authorization: `Bearer ${key}` };
  const start = performance.now();
  const sent = request(url, { method: 'POST', agent, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return { ms: performance.now() - start, response };
}

async function directMs(url: string): Promise<readonly number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < 100; turn++) {
    const body = JSON.stringify({ model: stubModel, messages: [{ role: 'user', content: 'x' }], stream: false });
    times.push((await post(`${url}/api/chat`, null, body)).ms);
  }
  return times;
}

/** Adds a line to some file, and has the index take it in. */
function changeSomething(service: BenchService): void {
  const [file = ''] = globSync('**/*.{py,go,js,ts,java,rs,md}', { cwd: service.root });
  appendFileSync(join(service.root, file), '\n// one more line\n');
  service.index();
}

async function ready(service: BenchService): Promise<void> {
  while ((await states(service)).some(({ state }) => state !== 'ready')) await wait(100);
}

interface ProjectState {
  readonly state: string;
}

async function states({ target }: BenchService): Promise<readonly ProjectState[]> {
  const headers = { authorization: `Bearer ${target.key}` };
  const response = await fetch(`${target.url}/lorekeep/projects`, { headers });
  return ((await response.json()) as { readonly projects: readonly ProjectState[] }).projects;
}

interface Measured {
  readonly asked: readonly Reply[];
  readonly direct: readonly number[];
  readonly hits: readonly Reply[];
  readonly after: readonly Reply[];
}

function report({ asked, direct, hits, after }: Measured): Record<string, unknown> {
  const of = (replies: readonly Reply[]): number[] => replies.map(({ ms }) => ms);
  const base = percentile(direct, 0.5);
  return {
    questions: asked.length,
    retrieving: asked.filter(({ route }) => route !== 'none').length,
    directP50Ms: base,
    addedP50Ms: percentile(of(asked), 0.5) - base,
    addedP95Ms: percentile(of(asked), 0.95) - base,
    hits: hits.filter(({ cache }) => cache === 'hit').length,
    hitP50Ms: percentile(of(hits), 0.5),
    hitP95Ms: percentile(of(hits), 0.95),
    hitsAfterChange: after.filter(({ cache }) => cache === 'hit').length,
    afterChangeP50Ms: percentile(of(after), 0.5),
    afterChangeMs: of(after)
      .map((ms) => Math.round(ms))
      .join(', '),
  };
}

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stopChild } from './child-server.ts';
import type { Target } from './load.ts';

/** A service that runs for a bench. */
export interface BenchService {
  readonly target: Target;
  /** 0 where it was started by somebody else. */
  readonly pid: number;
  /** Folder of the copy that is served; '' where somebody else started it. */
  readonly root: string;
  /** Brings the index up to date, beside the service. */
  index(): void;
  stop(): Promise<void>;
}

/** What a bench says of the service. */
export interface ServiceOptions {
  /** A service that runs already, with the stub as its Ollama; undefined to start one. */
  readonly url?: string | undefined;
  readonly key?: string | undefined;
  /** Folder to serve, copied first so that a bench may change it; a small project when absent. */
  readonly project?: string | undefined;
  /** Further flags of `lorekeep serve`. */
  readonly flags?: readonly string[];
}

const program = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const fixture = fileURLToPath(new URL('../../fixtures/projects/parcel-desk', import.meta.url));

/**
 * `lorekeep serve` in a process of its own, with keys and audit as people have them, on a copy of a small project, in front of a model
 * server. Only the limit of requests a minute is taken off: one key makes all the load.
 */
export async function startService(modelUrl: string, options: ServiceOptions = {}): Promise<BenchService> {
  const { url, key, flags = [] } = options;
  if (url !== undefined)
    return { target: { url, key: key ?? null }, pid: 0, root: '', index: () => undefined, stop: async () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'lorekeep-bench-'));
  const project = join(folder, 'parcel-desk');
  cpSync(options.project ?? fixture, project, { recursive: true });
  const data = ['--data', join(folder, 'data')];
  const world = { cwd: folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder } };
  const index = (): void => {
    execFileSync(process.execPath, [program, 'index', project, ...data], { ...world, stdio: 'ignore' });
  };
  index();
  const words = ['serve', '--json', '--port', '0', '--project', project, '--requests-per-minute', '0', ...data];
  const child = spawn(process.execPath, [program, ...words, '--model-url', modelUrl, ...flags], {
    ...world,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let notes = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    notes = (notes + text).slice(-4_000);
  });
  const stop = async (): Promise<void> => {
    await stopChild(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`lorekeep serve did not start:\n${notes}`)));
  try {
    const [first] = (await Promise.race([once(lines, 'line'), ended])) as [string];
    const listening = JSON.parse(first) as { readonly url: string; readonly key: string | null };
    return { target: { url: listening.url, key: listening.key }, pid: child.pid ?? 0, root: project, index, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

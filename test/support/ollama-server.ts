import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { link, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';

/** A real Ollama that runs for a test. */
export interface OllamaServer {
  readonly url: string;
  /** Ends it with its runners; SIGKILL leaves them no time to end anything. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** What a test without a real Ollama prints, once. */
export const ollamaLeftOut =
  'Left out: the tests against a real Ollama. `sh test/support/ollama-setup.sh` sets one up (about 5 minutes, once).';

/** Where programs of this user keep what can be made again. */
export const cacheFolder = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
const cache = join(cacheFolder, 'lorekeep-test');
const program = join(cache, 'ollama');
const models = join(cache, 'models-3');

/** Whether test/support/ollama-setup.sh has been run on this machine. */
export function isOllamaSetUp(): boolean {
  return existsSync(program) && existsSync(join(models, 'manifests/registry.ollama.ai/library/deepseek-coder/6.7b'));
}

/** The file with the weights of a model that the setup script made. */
export function weightsOf(name: string, tag = 'latest'): string {
  const manifest = join(models, 'manifests/registry.ollama.ai/library', name, tag);
  const { layers } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly layers: readonly { readonly mediaType: string; readonly digest: string }[];
  };
  const weights = layers.find(({ mediaType }) => mediaType === 'application/vnd.ollama.image.model');
  if (weights === undefined) throw new Error(`${name} has no weights`);
  return join(models, 'blobs', weights.digest.replace(':', '-'));
}

/** Whose models a server has: those of all tests, a copy of them, or none yet. */
export type TestModels = 'shared' | 'copied' | 'none';

/**
 * Starts the server that the setup script made, on a free port; null where it was not made. A test that changes models asks for a copy
 * of its own, since others use the same ones at the same time. `onLogLine` is told what the server logs, in all detail.
 */
export async function startOllama(
  which: TestModels = 'shared',
  onLogLine: ((line: string) => void) | null = null,
): Promise<OllamaServer | null> {
  if (!isOllamaSetUp()) return null;
  const home = await mkdtemp(join(tmpdir(), 'lorekeep-ollama-'));
  const own = which === 'shared' ? null : await mkdtemp(join(cache, 'models-of-a-test-'));
  if (which === 'copied' && own !== null) await linkModels(own);
  const port = await freePort();
  const child = spawn(program, ['serve'], {
    // Nothing of the caller's environment: it may name another server, a proxy or a GPU library.
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      OLLAMA_HOST: `127.0.0.1:${port}`,
      OLLAMA_MODELS: own ?? models,
      OLLAMA_NOPRUNE: '1',
      ...(onLogLine === null ? {} : { OLLAMA_DEBUG: '1' }),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: stopping it stops the processes that run its models, too.
    detached: true,
  });
  const exited = once(child, 'exit');
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      process.kill(-child.pid, signal);
    await exited;
    await rm(home, { recursive: true, force: true });
    if (own !== null) await rm(own, { recursive: true, force: true });
  };
  if (onLogLine !== null) createInterface({ input: child.stderr }).on('line', onLogLine);
  const started = new Promise<void>((resolve, reject) => {
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-10_000);
      if (log.includes('Listening on')) resolve();
    });
    child.once('exit', () => reject(new Error(`Ollama ended before it listened:\n${log}`)));
  });
  await started.catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** The models as hard links beside the originals: Ollama replaces and removes files, and never writes into one. */
async function linkModels(folder: string): Promise<void> {
  for (const entry of await readdir(models, { recursive: true, withFileTypes: true })) {
    const target = join(folder, relative(models, join(entry.parentPath, entry.name)));
    if (entry.isDirectory()) await mkdir(target, { recursive: true });
    else await link(join(entry.parentPath, entry.name), target);
  }
}

/** A port of this machine that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, freePort } from './ollama-server.ts';

const version = '0.3.36';
const folder = join(cacheFolder, 'lorekeep-test', `llama-cpp-python-${version}`);
const run = promisify(execFile);

/** What a test without Python prints, once. */
export const llamaCppLeftOut =
  'Left out: the tests against the server of llama.cpp. They need Python 3 with venv, CMake and a C++ compiler.';

/** A llama.cpp server, as llama-cpp-python has it, that runs for a test. */
export interface LlamaCppServer extends AsyncDisposable {
  /** With `/v1`. */
  readonly url: string;
}

/** Compiles the server where it is not there yet, which takes minutes; false where that cannot be done here. */
export async function setUpLlamaCpp(): Promise<boolean> {
  if (existsSync(folder)) return true;
  const building = `${folder}.building`;
  try {
    await rm(building, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', building]);
    const pip = join(building, 'bin/pip');
    await run('nice', ['-n', '19', pip, 'install', '--quiet', `llama-cpp-python[server]==${version}`]);
    await rename(building, folder);
    return true;
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message.slice(0, 2_000) : String(error)}\n`);
    return false;
  }
}

/** Starts the server with one model file and a window of `contextTokens`. */
export async function startLlamaCpp(
  file: string,
  contextTokens: number,
  more: readonly string[] = [],
): Promise<LlamaCppServer> {
  const port = await freePort();
  const args = ['-m', 'llama_cpp.server', '--model', file, '--host', '127.0.0.1', '--port', String(port)];
  // One thread: several wait for each other at every step while other tests use the processors.
  const sizes = ['--n_ctx', String(contextTokens), '--n_threads', '1', '--n_threads_batch', '1', '--n_gpu_layers', '0'];
  const child = spawn(join(folder, 'bin/python'), [...args, ...sizes, ...more], {
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  const listening = new Promise<void>((resolve, reject) => {
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-10_000);
      if (log.includes('Uvicorn running on')) resolve();
    });
    child.once('exit', () => reject(new Error(`The server ended before it listened:\n${log}`)));
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  await listening.catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url: `http://127.0.0.1:${port}/v1`, [Symbol.asyncDispose]: stop };
}

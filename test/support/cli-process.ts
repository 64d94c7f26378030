import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CliOutcome } from './cli-world.ts';

/** The command as npm links it. */
export const lorekeepCommand = join(import.meta.dirname, '..', '..', 'src', 'lorekeep.cjs');
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'projects');

/** A home folder of its own, with copies of fixture projects: what the commands of one test see of the machine. */
export interface Sandbox {
  readonly home: string;
  readonly dataFolder: string;
  /** Copies a fixture project and returns its folder. */
  copyProject(fixture: string, name?: string): string;
  /** The folder of a fixture's copy, which is made where there is none. */
  projectFolder(fixture: string): string;
  /** Starts `lorekeep …` as a process of its own. */
  start(folder: string, words: readonly string[], environment?: Record<string, string>): ChildProcess;
  /** Runs `lorekeep …` to its end. */
  run(folder: string, ...words: string[]): Promise<CliOutcome>;
  /** Runs it with --json, which must succeed. */
  json<Result>(folder: string, ...words: string[]): Promise<Result>;
  remove(): void;
}

/** No model server listens there, so that answers are evidence answers whatever runs on the machine. */
const noModelServer = 'http://127.0.0.1:9';

/** A fresh sandbox; the caller removes it. `runner` is a command that runs the commands, for example with fewer rights. */
export function createSandbox(runner: readonly string[] = []): Sandbox {
  const home = mkdtempSync(join(tmpdir(), 'lorekeep-cli-'));
  const environment = { HOME: home, PATH: process.env['PATH'] ?? '', LOREKEEP_MODEL_URL: noModelServer };
  const [program, ...before] = [...runner, process.execPath, lorekeepCommand];
  const start: Sandbox['start'] = (folder, words, more = {}) =>
    spawn(program, [...before, ...words], {
      cwd: folder,
      env: { ...environment, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const run: Sandbox['run'] = (folder, ...words) => outcomeOf(start(folder, words));
  const copyProject = (fixture: string, name = fixture): string => {
    const folder = join(home, 'code', name);
    cpSync(join(fixtures, fixture), folder, { recursive: true });
    return folder;
  };
  return {
    home,
    dataFolder: join(home, '.local', 'share', 'lorekeep'),
    copyProject,
    projectFolder(fixture) {
      const folder = join(home, 'code', fixture);
      return existsSync(folder) ? folder : copyProject(fixture);
    },
    start,
    run,
    async json<Result>(folder: string, ...words: string[]) {
      const { status, stdout, stderr } = await run(folder, ...words, '--json');
      if (status !== 0) throw new Error(`lorekeep ${words.join(' ')} ended with ${status}: ${stderr}`);
      return JSON.parse(stdout) as Result;
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Resolves when a process has printed a text on standard output. */
export function printed(child: ChildProcess, text: string): Promise<void> {
  let seen = '';
  return new Promise((resolve) => {
    child.stdout?.on('data', (data: Buffer) => {
      seen += data.toString();
      if (seen.includes(text)) resolve();
    });
  });
}

/** What a process printed and how it ended; -1 when a signal killed it. */
export function outcomeOf(child: ChildProcess): Promise<CliOutcome> {
  const parts = { stdout: '', stderr: '' };
  child.stdout?.on('data', (data: Buffer) => (parts.stdout += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (parts.stderr += data.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ status: code ?? -1, ...parts }));
  });
}

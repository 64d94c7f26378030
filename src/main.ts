import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { createInterface } from 'node:readline';
import { listenForInterrupts } from './cli/interrupts.ts';
import { runCli } from './cli/run.ts';
import { createTerminal } from './cli/terminal.ts';
import { terminalEnvironment } from './config.ts';
import { ServiceError } from './core/errors.ts';

async function main(): Promise<void> {
  const environment = terminalEnvironment();
  const { stdout, stderr } = process;
  const terminal = createTerminal({ stdout, stderr, environmentColumns: environment.columns });
  const interrupts = listenForInterrupts({
    on: (name, listener) => process.on(name, listener),
    off: (name, listener) => process.off(name, listener),
    exit: (status) => process.exit(status),
  });
  // `lorekeep search … | head` closes the pipe early: the reader has what it wanted, so stop without a complaint.
  const stopWhenUnread = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
    interrupts.stop();
  };
  stdout.on('error', stopWhenUnread);
  stderr.on('error', stopWhenUnread);
  process.exitCode = await runCli(process.argv.slice(2), {
    terminal,
    interrupts,
    debug: environment.debug,
    now: () => performance.now(),
    currentFolder,
    version,
    lines: (signal) => createInterface({ input: process.stdin, signal }),
    openService: async (flags) => (await import('./service.ts')).openService(flags, process.argv[1] ?? ''),
  });
  interrupts.release();
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new ServiceError('source_unreadable', 'The current folder no longer exists; change to another one.', {
      cause,
    });
  }
}

function version(): string {
  const file = findPackageJSON('..', import.meta.url);
  if (file === undefined)
    throw new ServiceError('internal', 'The package.json of Lorekeep is missing; install it again.');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

void main();

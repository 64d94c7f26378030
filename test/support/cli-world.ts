import { PassThrough } from 'node:stream';
import type { CliWorld } from '../../src/cli/run.ts';
import { runCli } from '../../src/cli/run.ts';
import { listenForInterrupts } from '../../src/cli/interrupts.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import type { Service } from '../../src/service.ts';
import { fakeService } from './fake-service.ts';

/** A stream that keeps what was written to it. */
export function memoryStream(
  isTTY = false,
  columns?: number,
): PassThrough & { text(): string; isTTY: boolean; columns?: number } {
  const parts: string[] = [];
  const stream = new PassThrough();
  stream.on('data', (part: Buffer) => parts.push(part.toString()));
  return Object.assign(stream, { isTTY, ...(columns === undefined ? {} : { columns }), text: () => parts.join('') });
}

export interface CliOutcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line against a service in this process. */
export async function runWith(
  words: readonly string[],
  service: Partial<Service> = {},
  changes: Partial<CliWorld> = {},
): Promise<CliOutcome> {
  const stdout = memoryStream();
  const stderr = memoryStream();
  const status = await runCli(words, {
    terminal: createTerminal({ stdout, stderr, environmentColumns: 100 }),
    interrupts: listenForInterrupts({ on: () => {}, off: () => {}, exit: () => {} }),
    debug: false,
    now: () => 0,
    currentFolder: () => '/code/shop',
    version: () => '1.2.3',
    async *lines() {},
    openService: async () => fakeService(service),
    ...changes,
  });
  await new Promise((resolve) => setImmediate(resolve));
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

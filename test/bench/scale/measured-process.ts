import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** What a process did and took. */
export interface MeasuredProcess {
  readonly seconds: number;
  readonly output: string;
  /** Largest resident size seen, Linux only; 0 elsewhere. */
  readonly peakRssMegabytes: number;
}

const lookEveryMs = 20;

/** Runs a program to its end. Throws when it fails; `ends` are the exit codes that are none, 0 by default. */
export async function runMeasured(
  command: string,
  args: readonly string[],
  ends: readonly number[] = [0],
): Promise<MeasuredProcess> {
  const start = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const [output, errors] = [collect(child.stdout), collect(child.stderr)];
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, peakRssMegabytes(child.pid ?? 0));
  }, lookEveryMs);
  try {
    await closed;
  } finally {
    clearInterval(look);
  }
  const seconds = (performance.now() - start) / 1000;
  if (!ends.includes(child.exitCode ?? -1)) {
    throw new Error(`${command} ${args.join(' ')} ended with ${child.exitCode}: ${errors()}`);
  }
  return { seconds, output: output(), peakRssMegabytes: peak };
}

/** Largest resident size of a process so far, all threads. */
export function peakRssMegabytes(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const parts: string[] = [];
  stream.setEncoding('utf8');
  stream.on('data', (part: string) => parts.push(part));
  return () => parts.join('');
}

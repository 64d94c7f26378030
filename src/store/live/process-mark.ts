import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** What tells one process from every other one, also from a later one with the same number. */
export interface ProcessMark {
  readonly pid: number;
  readonly host: string;
  /** Differs after each start of the machine; '' where the system does not tell it. */
  readonly boot: string;
  /** When the process began, in ticks since the machine's start; 0 where the system does not tell it. */
  readonly began: number;
}

/** The mark of this process. */
export function ownMark(): ProcessMark {
  return { pid: process.pid, host: hostname(), boot: bootId(), began: beginningOf(process.pid) };
}

/** True while that very process runs. One on another machine cannot be seen, so it counts as gone. */
export function isAlive(mark: ProcessMark): boolean {
  if (mark.host !== hostname() || mark.boot !== bootId() || !Number.isSafeInteger(mark.pid) || mark.pid <= 0)
    return false;
  try {
    process.kill(mark.pid, 0);
  } catch (error) {
    // Another user's process may not be told anything, but it is there.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return beginningOf(mark.pid) === mark.began;
}

let knownBoot: string | null = null;

function bootId(): string {
  knownBoot ??= readOr('/proc/sys/kernel/random/boot_id', '').trim();
  return knownBoot;
}

function beginningOf(pid: number): number {
  // The name stands in brackets and may hold blanks and brackets itself; the beginning is the 20th word after it.
  const stat = readOr(`/proc/${pid}/stat`, '');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 0);
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}

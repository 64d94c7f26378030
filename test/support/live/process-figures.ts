import { readdirSync, readFileSync } from 'node:fs';

/** Resident size of a process now, all threads; Linux only, 0 elsewhere or when it is gone. */
export function rssMegabytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}

/** How many files a process has open, as `rssMegabytes`. */
export function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

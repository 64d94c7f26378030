import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own that can be filled to the last byte. */
export interface SmallDisk {
  readonly folder: string;
  readonly fill: () => void;
  /** Takes away what filled it. */
  readonly free: () => void;
  readonly remove: () => void;
}

/** What a test says that is left out where no disk can be had. */
export const smallDiskLeftOut = 'Left out: tests of a full disk. They need the right to mount a file system.';

/** A disk in memory; null where this process may not mount one. */
export function smallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'lorekeep-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmdirSync(folder);
    return null;
  }
  const filling = join(folder, 'filling');
  return {
    folder,
    fill: () => fill(filling),
    free: () => rmSync(filling, { force: true }),
    remove: () => {
      execFileSync('umount', [folder]);
      rmdirSync(folder);
    },
  };
}

function fill(path: string): void {
  for (const bytes of [65_536, 1]) {
    try {
      for (;;) appendFileSync(path, 'x'.repeat(bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

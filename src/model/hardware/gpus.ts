import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Gpu } from '../../core/hardware.ts';

/** Where a machine tells of its graphics processors. */
export interface GpuSources {
  /** Root of the file system. */
  readonly root: string;
  /** What NVIDIA's tool prints; rejects where it is not installed or fails. */
  readonly nvidiaSmi: () => Promise<string>;
}

const mebibyte = 1024 * 1024;

/** NVIDIA's own tool, with the two columns that `findGpus` reads. */
export async function runNvidiaSmi(): Promise<string> {
  const options = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits'];
  const { stdout } = await promisify(execFile)('nvidia-smi', options, { timeout: 5_000 });
  return stdout;
}

/** The graphics processors of this machine; none where nothing tells of any. Never throws. */
export async function findGpus({ root, nvidiaSmi }: GpuSources): Promise<readonly Gpu[]> {
  const told = await nvidiaSmi().then(readNvidiaSmi, () => []);
  const nvidia = told.length > 0 ? told : nvidiaDriverGpus(root);
  return [...nvidia, ...amdGpus(root)];
}

/** Lines such as `NVIDIA L4, 23034`; the number is MiB. A unified memory is shown as `[N/A]`. */
function readNvidiaSmi(output: string): readonly Gpu[] {
  return output.split('\n').flatMap((line) => {
    const [, name, mebibytes] = /^(.+), *(\d+|\[.*\])\s*$/.exec(line) ?? [];
    if (name === undefined) return [];
    const memory = Number(mebibytes) * mebibyte;
    return [{ name, memoryBytes: Number.isNaN(memory) ? null : memory }];
  });
}

/** The driver knows names even where its tools are not installed. */
function nvidiaDriverGpus(root: string): readonly Gpu[] {
  return filesAt(root, 'proc/driver/nvidia/gpus/*/information').map((text) => ({
    name: /^Model:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? 'NVIDIA',
    memoryBytes: null,
  }));
}

function amdGpus(root: string): readonly Gpu[] {
  return filesAt(root, 'sys/class/drm/card*/device/mem_info_vram_total').flatMap((text) => {
    const memoryBytes = Number(text);
    return Number.isInteger(memoryBytes) && memoryBytes > 0 ? [{ name: 'AMD', memoryBytes }] : [];
  });
}

function filesAt(root: string, pattern: string): readonly string[] {
  try {
    return globSync(pattern, { cwd: root })
      .toSorted()
      .map((path) => readFileSync(join(root, path), 'utf8'));
  } catch {
    // A driver that goes away meanwhile tells nothing.
    return [];
  }
}

import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Hardware } from '../../core/hardware.ts';
import { findGpus, runNvidiaSmi } from './gpus.ts';

/** What this machine has for models to run on. Never throws: what nobody tells is left open. */
export async function probeHardware(): Promise<Hardware> {
  const root = '/';
  // 0 where nothing limits the process; a number beyond all memory where the limit is none.
  const limit = process.constrainedMemory() || Infinity;
  return {
    architecture: arch(),
    processor: cpus()[0]?.model.trim() ?? '',
    cores: availableParallelism(),
    features: readFeatures(root),
    memoryBytes: Math.min(totalmem(), limit),
    availableBytes: process.availableMemory(),
    gpus: await findGpus({ root, nvidiaSmi: runNvidiaSmi }),
  };
}

/** Instruction sets that llama.cpp has own code for, as Linux names them. */
const usefulFeatures = [
  'avx',
  'avx2',
  'fma',
  'f16c',
  'avx512f',
  'avx512_vnni',
  'avx_vnni',
  'amx_int8',
  'asimd',
  'asimddp',
  'i8mm',
  'sve',
];

/** The useful instruction sets of the first core; null where the system does not list them. */
export function readFeatures(root: string): readonly string[] | null {
  try {
    const [, list] = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync(join(root, 'proc/cpuinfo'), 'utf8')) ?? [];
    if (list === undefined) return null;
    const found = new Set(list.split(/\s+/));
    return usefulFeatures.filter((feature) => found.has(feature));
  } catch {
    return null;
  }
}

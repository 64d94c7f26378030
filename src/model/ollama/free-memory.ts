import { freemem, platform, totalmem } from 'node:os';

/** Memory that models may take now, in bytes. */
export interface FreeMemory {
  readonly ramBytes: number;
  /** Of graphics processors, null where nobody knows. */
  readonly gpuBytes: number | null;
}

/** Share of a Mac's memory that its graphics processor may take. macOS counts as free only what was never used. */
const macShare = 0.6;

/** The memory of this machine; that of graphics processors is not known to Node. */
export function machineMemory(): FreeMemory {
  const ramBytes = platform() === 'darwin' ? totalmem() * macShare : freemem();
  return { ramBytes, gpuBytes: null };
}

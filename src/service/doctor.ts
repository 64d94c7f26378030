import { accessSync, constants, mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileSystemKind } from '../../indexer/watch/file-system-kind.ts';
import { readFixedKey } from '../access/fixed-key.ts';
import type { Config } from '../config-options.ts';
import { ServiceError } from '../core/errors.ts';
import { openEmbedder, openOllama } from './embedders.ts';
import { openKeyFile } from './access.ts';
import { ollamaAddress } from './models.ts';
import { probeHardware } from '../model/hardware/probe-hardware.ts';
import { ollamaLibrary, ollamaVersion } from '../model/library/ollama-library.ts';
import { freeBytes } from '../store/disk/free-space.ts';
import { testHardLinks } from '../store/lance/hard-links.ts';
import { watchLimits } from './doctor/watch-limits.ts';
import { examine } from '../verbs/doctor/examine.ts';
import type { DoctorReport } from '../verbs/doctor/doctor-report.ts';
import type { ExaminedIndex } from '../verbs/doctor/index-health.ts';

/** The oldest Node that Lorekeep runs on, as package.json says. */
export const wantedNode = '22.22';

/** The indexes that are there, for the doctor. */
export interface DoctorIndexes {
  /** That of the current project, null for none. */
  readonly current: () => Promise<ExaminedIndex | null>;
  readonly others: readonly ExaminedIndex[];
  /** Size of the largest on disk. */
  readonly largestBytes: () => Promise<number>;
  /** How many folders their projects have. */
  readonly folders: () => Promise<number>;
}

/** Looks at this machine and the options with what really is there. Throws only when it is stopped. */
export async function examineMachine(
  values: Config,
  indexes: DoctorIndexes,
  signal: AbortSignal,
): Promise<DoctorReport> {
  const { dataFolder, modelUrl, listenHost, listenPort } = values;
  const address = ollamaAddress(values);
  return examine(
    {
      node: { version: process.version, wanted: wantedNode },
      hardware: probeHardware,
      dataFolder,
      probeDataFolder: () => probeFolder(dataFolder),
      probeHardLinks: () => testHardLinks(dataFolder),
      freeBytes: () => freeBytes(dataFolder),
      largestIndexBytes: indexes.largestBytes,
      fileSystem: () => fileSystemKind(dataFolder),
      watching: async () => ({ folders: await indexes.folders(), limits: watchLimits() }),
      server: {
        url: modelUrl,
        version: async (stop) => ollamaVersion(address, stop),
        models: async (stop) => {
          const library = ollamaLibrary(address, await openOllama(values));
          return (await library.list(stop)).map(({ name }) => name);
        },
      },
      model: values.model,
      embedder: async (stop) => describeEmbedder(values, stop),
      index: indexes.current,
      otherIndexes: indexes.others,
      keys: () => countKeys(values),
      port: { address: `${listenHost}:${listenPort}`, isFree: async () => isFree(listenPort, listenHost) },
    },
    signal,
  );
}

function probeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const message = `The data folder ${folder} cannot be written. Check its permissions, or choose another with --data.`;
    throw new ServiceError('store_failed', message, { cause });
  }
}

/** The key of the configuration counts, too. */
function countKeys(values: Config): { readonly count: number; readonly warnings: readonly string[] } {
  const { key, warnings } = readFixedKey(values);
  return { count: openKeyFile(values.dataFolder).list().length + (key === null ? 0 : 1), warnings };
}

async function describeEmbedder(values: Config, signal: AbortSignal): Promise<string> {
  if (values.embedder === 'none') return 'none: search by words only';
  const embedder = await openEmbedder(values.embedder, values);
  try {
    const { model, dimension } = await embedder.identity(signal);
    return `${model}, ${dimension} dimensions`;
  } finally {
    embedder.close?.();
  }
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  } finally {
    server.close();
  }
}

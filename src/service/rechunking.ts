import type { ParsePool } from '../../indexer/parse/parse-pool.ts';
import type { Config } from '../config-options.ts';
import { unpackChunks } from '../core/packing/packed-chunks.ts';
import type { Rechunk } from '../verbs/verify/rechunk.ts';

/** Cuts files anew while requests wait for them, in one worker thread. */
export interface Rechunker {
  readonly rechunk: Rechunk;
  /** Ends the thread; files in work are given up. */
  close(): Promise<void>;
}

/** A thread takes some 50 MB and a fifth of a second to start. */
const idleMs = 30_000;

/** Opens the rechunker. Its thread starts with the first file, and ends when there has been none for half a minute. */
export function openRechunker(values: Config): Rechunker {
  let pool: Promise<ParsePool> | null = null;
  let running = 0;
  let idle: NodeJS.Timeout | null = null;
  const close = async (): Promise<void> => {
    const ending = pool;
    pool = null;
    await (await ending)?.close();
  };
  const rechunk: Rechunk = async ({ path, absolute, knownHash }) => {
    if (idle !== null) clearTimeout(idle);
    pool ??= openPool(values);
    running += 1;
    try {
      const { outcome } = await (await pool).parse({ path, absolute, knownHash, linesOnly: false });
      if (outcome.kind === 'unchanged') return { kind: 'known' };
      if (outcome.kind !== 'indexed') return { kind: 'none' };
      const { hash, chunks } = outcome.file;
      return { kind: 'chunks', hash, chunks: unpackChunks(chunks) };
    } finally {
      running -= 1;
      // Closing an idle thread waits for nothing, so that it cannot fail.
      if (running === 0) idle = setTimeout(() => void close(), idleMs).unref();
    }
  };
  return {
    rechunk,
    close: async () => {
      if (idle !== null) clearTimeout(idle);
      await close();
    },
  };
}

/** Most answers need none, so that not even its code is loaded before. */
async function openPool({ chunkCharacters, maxCodeBytes, maxDataBytes }: Config): Promise<ParsePool> {
  const { ParsePool } = await import('../../indexer/parse/parse-pool.ts');
  const { resolveChunkOptions } = await import('../../indexer/chunk/chunk-options.ts');
  return new ParsePool({
    chunkOptions: resolveChunkOptions({ targetChars: chunkCharacters }),
    readLimits: { maxCodeBytes, maxDataBytes },
    threads: 1,
    quarantined: new Set(),
    // The indexer will meet the content, too, and remember it.
    onQuarantine: () => undefined,
  });
}

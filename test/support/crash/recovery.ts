import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repairStore } from '../../../indexer/run/repair-store.ts';
import { StoreWriter } from '../../../indexer/run/store-writer.ts';
import { openIndexForWriting, type WritableIndex } from '../../../src/store/index-folder.ts';
import { HashEmbedder } from '../hash-embedder.ts';
import { indexedFile } from '../indexed-file.ts';

/** What a start after an unclean stop takes, in milliseconds. */
export interface RecoveryCost {
  readonly chunks: number;
  readonly pendingChunks: number;
  /** Opening catalogue and lock. */
  readonly openMs: number;
  /** Bringing what was recorded to the store. */
  readonly flushMs: number;
  /** Comparing the store with the catalogue. */
  readonly compareMs: number;
}

const filesPerRecord = 100;
const chunksPerFile = 50;

/** Makes an index of so many chunks, some of them recorded and not yet stored, and measures how it is taken up again. */
export async function measureRecovery(chunks: number, pendingChunks: number): Promise<RecoveryCost> {
  const folder = mkdtempSync(join(tmpdir(), 'lorekeep-recovery-'));
  const embedder = new HashEmbedder({ dimension: 128 });
  const open = async () => openIndexForWriting(folder, await embedder.identity());
  try {
    const index = await open();
    record(index, 0, chunks - pendingChunks);
    await storeWriter(index).flush();
    await index.store.optimize();
    record(index, chunks, pendingChunks);
    await index.close();
    return await recover(open, { chunks, pendingChunks });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function recover(
  open: () => Promise<WritableIndex>,
  sizes: Pick<RecoveryCost, 'chunks' | 'pendingChunks'>,
): Promise<RecoveryCost> {
  const startedAt = performance.now();
  const index = await open();
  const openedAt = performance.now();
  await storeWriter(index).flush();
  const flushedAt = performance.now();
  const repaired = await repairStore({ reader: index.catalogue, writer: index.writer }, index.store);
  const comparedAt = performance.now();
  await index.close();
  if (repaired > 0) throw new Error(`${repaired} files had to be repaired.`);
  return {
    ...sizes,
    openMs: openedAt - startedAt,
    flushMs: flushedAt - openedAt,
    compareMs: comparedAt - flushedAt,
  };
}

function storeWriter({ catalogue: reader, writer, store }: WritableIndex): StoreWriter {
  return new StoreWriter({ catalogue: { reader, writer }, store, embedder: null });
}

function record({ writer }: WritableIndex, first: number, chunks: number): void {
  for (let at = 0; at < chunks; at += filesPerRecord * chunksPerFile) {
    const files = Math.ceil(Math.min(filesPerRecord * chunksPerFile, chunks - at) / chunksPerFile);
    writer.record(
      Array.from({ length: files }, (_, file) => {
        const name = `f${first + at + file}`;
        const vectors = Array.from({ length: chunksPerFile }, (__, line) => new Float32Array(128).fill(line + 1));
        const lines = vectors.map(
          (__, line) => `${name} word${(line * 7919) % 5000} text of line ${line} with more words`,
        );
        return indexedFile(`src/${name}.ts`, lines, { vectors });
      }),
    );
  }
}

import type { Embedder } from '../../src/core/embedding.ts';
import { ServiceError } from '../../src/core/errors.ts';
import type { ChunkRecord } from '../../src/core/vector-store.ts';
import { embedText } from './embed-text.ts';

/** Texts given to the embedder at once: enough for its own batches, few enough that progress shows. */
const textsPerCall = 256;

export interface EmbedRecordsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each call to the embedder with the number of chunks done in it. */
  onEmbedded?(chunks: number): void;
}

export interface EmbeddedRecords {
  /** All records in order; those that failed have no vector. */
  readonly records: readonly ChunkRecord[];
  /** Number of texts that the embedder was asked about. */
  readonly embedded: number;
  /** Catalogue numbers of the files with a chunk that failed. */
  readonly failedFiles: readonly number[];
}

/** Gives vectors to the records that have none. Throws what the embedder throws, `internal` when it loses count. */
export async function embedRecords(
  records: readonly ChunkRecord[],
  embedder: Embedder,
  options: EmbedRecordsOptions = {},
): Promise<EmbeddedRecords> {
  const done = [...records];
  const missing = [...records.keys()].filter((index) => records[index]!.vector === undefined);
  const failedFiles = new Set<number>();
  for (let at = 0; at < missing.length; at += textsPerCall) {
    const indexes = missing.slice(at, at + textsPerCall);
    const results = await embedder.embedDocuments(
      indexes.map((index) => embedText(records[index]!)),
      options.signal,
    );
    if (results.length !== indexes.length) {
      throw new ServiceError('internal', `The embedder answered ${results.length} of ${indexes.length} texts.`);
    }
    results.forEach((result, position) => {
      const index = indexes[position]!;
      const record = records[index]!;
      if ('vector' in result) done[index] = { ...record, vector: result.vector };
      else failedFiles.add(record.file);
    });
    options.onEmbedded?.(indexes.length);
  }
  return { records: done, embedded: missing.length, failedFiles: [...failedFiles] };
}

import type { Table } from '@lancedb/lancedb';
import type { Data, RecordBatch } from 'apache-arrow';
import type { VectorBatch, VectorSource } from '../vectors/vector-search.ts';
import type { RowDirectory } from './row-directory.ts';

/** Chunks read at a time: LanceDB's client holds a whole result in memory. */
const chunksPerRead = 100_000;
const batchLength = { maxBatchLength: 8192 };

/** The vectors of a table as they are read for a search. */
export function vectorSource(table: Table, { version, ids }: RowDirectory): VectorSource {
  return { version, ids, read: (from) => readVectors(table, ids, from) };
}

async function* readVectors(table: Table, ids: Int32Array, from: number): AsyncGenerator<VectorBatch> {
  const wanted = ids.filter((id) => id >= from).sort();
  for (let start = 0; start < wanted.length; start += chunksPerRead) {
    const last = wanted[Math.min(start + chunksPerRead, wanted.length) - 1]!;
    const range = `id >= ${wanted[start]!} AND id <= ${last}`;
    const found = await table.query().where(range).select(['id', 'vector']).toArrow(batchLength);
    for (const batch of found.batches) {
      const read: unknown = batch.getChild('id')?.toArray();
      if (read instanceof Int32Array && read.length > 0) yield { ids: read, vectors: vectorBytes(batch) };
    }
  }
}

/** The bytes of all vectors of a batch, one behind the other; zeros where a chunk has none. */
function vectorBytes(batch: RecordBatch): Int8Array {
  const parts = (batch.getChild('vector')?.data ?? []).map(bytesOf);
  if (parts.length === 1) return parts[0]!;
  const bytes = new Int8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function bytesOf(list: Data): Int8Array {
  const child = list.children[0];
  const values: unknown = child?.values;
  if (!(values instanceof Int8Array) || list.length === 0) return new Int8Array();
  const dimension = (child?.length ?? 0) / list.length;
  if (list.nullCount === 0) return values.subarray(0, child?.length);
  const bytes = values.slice(0, child?.length);
  for (let row = 0; row < list.length; row++) {
    if (!list.getValid(row)) bytes.fill(0, row * dimension, (row + 1) * dimension);
  }
  return bytes;
}

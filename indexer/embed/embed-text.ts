import type { ChunkRecord } from '../../src/core/vector-store.ts';

/**
 * The exact text of a chunk that is embedded: what encloses it, then itself. No path: the same code has the same vector
 * wherever it lies, so a moved file costs nothing.
 */
export function embedText(record: Pick<ChunkRecord, 'context' | 'text'>): string {
  const text = record.text.trim();
  return record.context === '' ? text : `${record.context}\n${text}`;
}

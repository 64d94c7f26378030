import type { ChunkRecord } from '../../src/core/vector-store.ts';

/**
 * The exact text of a chunk that is embedded: what encloses it, then itself. No path: the same code has the same vector
 * wherever it lies, so a moved file costs nothing. Nor do blanks at line ends, kinds of line ends and how many blank
 * lines there are in a row, which formatters change and checkouts convert.
 */
export function embedText({ context, text }: Pick<ChunkRecord, 'context' | 'text'>): string {
  const lines = text.trim().split('\n');
  const trimmed = lines.map((line) => line.trimEnd());
  const kept = trimmed.filter((line, at) => line !== '' || trimmed[at - 1] !== '').join('\n');
  return context === '' ? kept : `${context}\n${kept}`;
}

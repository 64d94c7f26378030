import type { Chunk } from '../../src/core/chunk.ts';
import type { CodeSymbol } from '../../src/core/code-graph.ts';
import type { ChunkEmbedder } from '../../src/core/embedding.ts';
import { packChunks, textColumn } from '../../src/core/packing/packed-chunks.ts';
import type { SourceFile } from '../../src/core/source-file.ts';
import type { PlacedSymbol } from '../../src/text/packed-symbols.ts';
import { chunkTerms } from '../../src/text/terms.ts';

/** A vector for each chunk of a file. */
export function embedChunks(file: SourceFile, chunks: readonly Chunk[], embedder: ChunkEmbedder): Float32Array[] {
  return chunks.map(({ start, end, context, searchText }) => {
    const text = searchText ?? file.text.slice(start, end);
    return embedder.embedChunk({ path: file.path, context, text });
  });
}

/** A file's chunks with their texts, terms and vectors (none, or one each), packed. */
export function packFileChunks(
  file: SourceFile,
  chunks: readonly Chunk[],
  vectors: readonly Float32Array[],
): Uint8Array<ArrayBuffer> {
  const texts = textColumn(chunks.map(({ start, end }) => file.text.slice(start, end)));
  let textAt = 0;
  const sources = chunks.map(({ name, context, searchText }, i) => {
    const text = texts.bytes.subarray(textAt, (textAt += texts.lengths[i]!));
    return { text: searchText === undefined ? text : Buffer.from(searchText), name, context };
  });
  return packChunks({
    kinds: chunks.map(({ kind }) => kind),
    startLines: chunks.map(({ startLine }) => startLine),
    endLines: chunks.map(({ endLine }) => endLine),
    names: textColumn(chunks.map(({ name }) => name)),
    contexts: textColumn(chunks.map(({ context }) => context.join('\n'))),
    texts,
    terms: chunkTerms(file.path, sources),
    vectors,
  });
}

/** Each definition with the chunk that holds its name; chunks lie in order, without gaps. */
export function placeSymbols(symbols: readonly CodeSymbol[], chunks: readonly Chunk[]): PlacedSymbol[] {
  return symbols.map((symbol) => {
    let low = 0;
    let high = chunks.length;
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      if (chunks[middle]!.start <= symbol.nameStart) low = middle;
      else high = middle;
    }
    return { symbol, chunk: low };
  });
}

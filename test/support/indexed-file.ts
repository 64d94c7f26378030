import { placeSymbols } from '../../indexer/parse/pack-file.ts';
import type { IndexedFile } from '../../src/core/catalogue.ts';
import type { CodeSymbol } from '../../src/core/code-graph.ts';
import { packChunks, textColumn } from '../../src/core/packing/packed-chunks.ts';
import { packSymbols } from '../../src/text/packed-symbols.ts';

/** What may be told of an indexed file beside its lines. */
export interface IndexedFileFields extends Partial<Omit<IndexedFile, 'chunks' | 'symbols'>> {
  readonly symbols?: readonly CodeSymbol[];
  /** Of each chunk. */
  readonly context?: readonly string[];
  readonly vectors?: readonly (Float32Array | undefined)[];
  /** Of each chunk; the line's words by default. */
  readonly terms?: readonly string[];
}

/** A file of lines, one chunk a line. */
export function indexedFile(path: string, lines: readonly string[], fields: IndexedFileFields = {}): IndexedFile {
  const { symbols = [], context = [], vectors = [], terms = lines.map((line) => line.toLowerCase()), ...rest } = fields;
  let at = 0;
  const chunks = lines.map((line, ordinal) => {
    const start = at;
    at += line.length + 1;
    const place = { ordinal, start, end: at, startLine: ordinal + 1, endLine: ordinal + 1 };
    return { ...place, kind: 'code' as const, name: '', context };
  });
  return {
    path,
    hash: 'ab'.repeat(32),
    stat: { bytes: at, mtimeNs: 1_763_800_000_123_456_789n, inode: 2n ** 64n - 2n },
    language: 'typescript',
    encoding: 'utf-8',
    chunkerVersion: '1',
    lines: lines.length,
    degraded: [],
    chunks: packChunks({
      kinds: chunks.map(({ kind }) => kind),
      startLines: chunks.map(({ startLine }) => startLine),
      endLines: chunks.map(({ endLine }) => endLine),
      names: textColumn(chunks.map(({ name }) => name)),
      contexts: textColumn(chunks.map(() => context.join('\n'))),
      texts: textColumn(lines.map((line) => `${line}\n`)),
      terms: textColumn(terms),
      vectors,
    }),
    symbols: packSymbols(placeSymbols(symbols, chunks)),
    ...rest,
  };
}

/** A function named at an offset of the file's text. */
export function definition(name: string, nameStart: number, fields: Partial<CodeSymbol> = {}): CodeSymbol {
  return {
    name,
    kind: 'function',
    container: '',
    startLine: 1,
    endLine: 2,
    nameStart,
    signature: `f ${name}`,
    ...fields,
  };
}

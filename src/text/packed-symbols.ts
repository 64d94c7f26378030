import type { PackedSymbols } from '../core/catalogue.ts';
import { type CodeSymbol, type SymbolKind, symbolKinds } from '../core/code-graph.ts';
import { compressText, decompressText } from '../core/packing/compression.ts';
import { foldName } from './fold-name.ts';

/** A definition with the position of its chunk among the chunks of the file. */
export interface PlacedSymbol {
  readonly symbol: CodeSymbol;
  readonly chunk: number;
}

/** Column by column, since like compresses best beside like: a quarter of the bytes of a table row each. */
interface SymbolColumns {
  readonly names: readonly string[];
  readonly kinds: readonly number[];
  readonly containers: readonly string[];
  readonly startLines: readonly number[];
  readonly endLines: readonly number[];
  readonly nameStarts: readonly number[];
  readonly signatures: readonly string[];
  readonly chunks: readonly number[];
}

/** The definitions of one file, ready to be kept. */
export function packSymbols(placed: readonly PlacedSymbol[]): PackedSymbols {
  return { keys: symbolKeys(placed), content: placed.length === 0 ? new Uint8Array() : encode(placed) };
}

/** What definitions are looked up by, in their order. */
export function symbolKeys(placed: readonly PlacedSymbol[]): Int32Array<ArrayBuffer> {
  return Int32Array.from(placed, ({ symbol }) => foldHash(foldName(symbol.name)));
}

function encode(placed: readonly PlacedSymbol[]): Uint8Array<ArrayBuffer> {
  const symbols = placed.map(({ symbol }) => symbol);
  const columns: SymbolColumns = {
    names: symbols.map(({ name }) => name),
    kinds: symbols.map(({ kind }) => symbolKinds.indexOf(kind)),
    containers: symbols.map(({ container }) => container),
    startLines: symbols.map(({ startLine }) => startLine),
    endLines: symbols.map(({ endLine }) => endLine),
    nameStarts: symbols.map(({ nameStart }) => nameStart),
    signatures: symbols.map(({ signature }) => signature),
    chunks: placed.map(({ chunk }) => chunk),
  };
  return compressText(JSON.stringify(columns));
}

/** The definitions that `packSymbols` was given, from their content. */
export function unpackSymbols(content: Uint8Array): PlacedSymbol[] {
  if (content.length === 0) return [];
  const columns = JSON.parse(decompressText(content)) as SymbolColumns;
  return columns.names.map((name, i) => ({
    symbol: {
      name,
      kind: kindAt(columns.kinds[i]),
      container: columns.containers[i] ?? '',
      startLine: columns.startLines[i] ?? 1,
      endLine: columns.endLines[i] ?? 1,
      nameStart: columns.nameStarts[i] ?? 0,
      signature: columns.signatures[i] ?? '',
    },
    chunk: columns.chunks[i] ?? 0,
  }));
}

/**
 * 32-bit FNV-1a hash of a folded name: the key of a definition. It may collide, so names are compared after decoding.
 * Algorithm: Fowler, Noll, Vo (http://www.isthe.com/chongo/tech/comp/fnv/), over UTF-16 units.
 */
export function foldHash(folded: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < folded.length; i++) hash = Math.imul(hash ^ folded.charCodeAt(i), 0x01000193);
  return hash | 0;
}

function kindAt(index: number | undefined): SymbolKind {
  return symbolKinds[index ?? -1] ?? 'variable';
}

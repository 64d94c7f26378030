import { type ChunkKind, chunkKinds } from '../chunk.ts';
import { fromInt8, toInt8 } from './int8.ts';
import type { ChunkRecord } from '../vector-store.ts';

/** Strings one behind the other as UTF-8, with the length of each in bytes. */
export interface TextColumn {
  readonly bytes: Uint8Array;
  readonly lengths: Int32Array;
}

/** The chunks of a file, column by column. */
export interface ChunkColumns {
  readonly kinds: readonly ChunkKind[];
  /** 1-based, inclusive. */
  readonly startLines: readonly number[];
  readonly endLines: readonly number[];
  readonly names: TextColumn;
  /** Signatures of the enclosing definitions, joined with a newline. */
  readonly contexts: TextColumn;
  readonly texts: TextColumn;
  readonly terms: TextColumn;
  /** Unit length, all of one dimension; absent where there are none. */
  readonly vectors?: readonly (Float32Array | undefined)[];
}

/** What a chunk record holds besides its place in the index. */
export type UnpackedChunk = Omit<ChunkRecord, 'id' | 'file' | 'generation' | 'path' | 'language'>;

const textNames = ['names', 'contexts', 'texts', 'terms'] as const;
/** Before all else: the number of chunks, the dimension of their vectors, and how many search terms they have together. */
const headerInts = 3;
/** For each chunk: kind, first and last line, whether it has a vector. */
const plainInts = 4;
const intBytes = Int32Array.BYTES_PER_ELEMENT;

/** Strings as a column. */
export function textColumn(values: readonly string[]): TextColumn {
  const joined = values.join('');
  const bytes = Buffer.from(joined);
  if (bytes.length === joined.length) return { bytes, lengths: Int32Array.from(values, ({ length }) => length) };
  // Encoded one by one: a border may part a surrogate pair.
  const encoded = values.map((value) => Buffer.from(value));
  return { bytes: Buffer.concat(encoded), lengths: Int32Array.from(encoded, ({ length }) => length) };
}

/**
 * The chunks of a file as bytes that go from thread to thread and to disk as they are: the header, columns of 32-bit
 * integers in the byte order of the machine, vectors as signed bytes, then the texts. They live for seconds, on one machine.
 */
export function packChunks(columns: ChunkColumns): Uint8Array<ArrayBuffer> {
  const { kinds, startLines, endLines, vectors = [] } = columns;
  const count = kinds.length;
  const dimension = vectors.find((vector) => vector !== undefined)?.length ?? 0;
  const vectorsAt = (headerInts + count * (plainInts + textNames.length)) * intBytes;
  const textsAt = vectorsAt + count * dimension;
  const size = textNames.reduce((sum, name) => sum + columns[name].bytes.length, textsAt);
  const packed = new Uint8Array(size);
  const ints = new Int32Array(packed.buffer, 0, vectorsAt / intBytes);
  ints.set([count, dimension, countWords(columns.terms)]);
  const hasVector = kinds.map((_, i) => (vectors[i] === undefined ? 0 : 1));
  const plain = [kinds.map((kind) => chunkKinds.indexOf(kind)), startLines, endLines, hasVector];
  const intColumns = [...plain, ...textNames.map((name) => columns[name].lengths)];
  for (const [i, column] of intColumns.entries()) ints.set(column, headerInts + i * count);
  for (const [i, vector] of vectors.entries()) {
    if (vector !== undefined) packed.set(new Uint8Array(toInt8(vector).buffer), vectorsAt + i * dimension);
  }
  let at = textsAt;
  for (const name of textNames) {
    packed.set(columns[name].bytes, at);
    at += columns[name].bytes.length;
  }
  return packed;
}

/** How many chunks were packed. */
export function countChunks(packed: Uint8Array): number {
  return headerInt(packed, 0);
}

/** How many search terms all chunks have together. */
export function countTerms(packed: Uint8Array): number {
  return headerInt(packed, 2);
}

function headerInt(packed: Uint8Array, index: number): number {
  return new DataView(packed.buffer, packed.byteOffset).getInt32(index * intBytes, isLittleEndian);
}

/** The chunks that `packChunks` was given. */
export function unpackChunks(packed: Uint8Array): UnpackedChunk[] {
  // Views of integers need a start that is a multiple of their size.
  const bytes = packed.byteOffset % intBytes === 0 ? packed : packed.slice();
  const [count = 0, dimension = 0] = new Int32Array(bytes.buffer, bytes.byteOffset, headerInts);
  const vectorsAt = (headerInts + count * (plainInts + textNames.length)) * intBytes;
  const ints = new Int32Array(bytes.buffer, bytes.byteOffset, vectorsAt / intBytes);
  const column = (index: number): Int32Array =>
    ints.subarray(headerInts + index * count, headerInts + (index + 1) * count);
  const [kinds, startLines, endLines, hasVector] = Array.from({ length: plainInts }, (_, i) => column(i));
  let textAt = vectorsAt + count * dimension;
  const [names, contexts, texts, terms] = textNames.map((_, index) => {
    const lengths = column(plainInts + index);
    return Array.from(lengths, (length) => utf8(bytes, textAt, (textAt += length)));
  });
  return Array.from({ length: count }, (_, i) => {
    const chunk = {
      kind: chunkKinds[kinds?.[i] ?? 0] ?? 'window',
      name: names?.[i] ?? '',
      startLine: startLines?.[i] ?? 1,
      endLine: endLines?.[i] ?? 1,
      context: contexts?.[i] ?? '',
      text: texts?.[i] ?? '',
      terms: terms?.[i] ?? '',
    };
    if (hasVector?.[i] !== 1) return chunk;
    const signed = new Int8Array(bytes.buffer, bytes.byteOffset + vectorsAt + i * dimension, dimension);
    return { ...chunk, vector: fromInt8(signed) };
  });
}

/** Terms are parted by spaces alone, and by the ends of their chunks. */
function countWords({ bytes, lengths }: TextColumn): number {
  const space = 0x20;
  let words = 0;
  let at = 0;
  for (const length of lengths) {
    let previous = space;
    for (const end = at + length; at < end; at++) {
      const byte = bytes[at]!;
      if (previous === space && byte !== space) words++;
      previous = byte;
    }
  }
  return words;
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function utf8(bytes: Uint8Array, start: number, end: number): string {
  return start === end ? '' : Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}

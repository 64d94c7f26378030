import { open } from 'node:fs/promises';

/** Values by the flat keys of the file, such as `llama.context_length`: what Ollama calls `model_info`. */
export type GgufMetadata = Readonly<Record<string, unknown>>;

/** Bytes that hold the metadata of most models; a vocabulary may be larger. */
const firstBytes = 4 * 1024 * 1024;
const maxBytes = 256 * 1024 * 1024;
const maxDepth = 4;
/** Lists with a value for each layer are no vocabulary: they are always read. */
const shortList = 1_024;

/** The metadata of a GGUF file, its long lists left out unless `withLists`; null where the file is none of that kind. */
export async function readGgufMetadata(path: string, withLists: boolean): Promise<GgufMetadata | null> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    for (let length = Math.min(firstBytes, size); ; length = Math.min(length * 4, size, maxBytes)) {
      const buffer = Buffer.allocUnsafe(length);
      const { bytesRead } = await file.read(buffer, 0, length, 0);
      try {
        return parseGgufMetadata(buffer.subarray(0, bytesRead), withLists);
      } catch (error) {
        // Read past the end: there is more in the file, or it is cut off.
        if (!(error instanceof RangeError) || bytesRead < length || length === Math.min(size, maxBytes)) return null;
      }
    }
  } finally {
    await file.close();
  }
}

/** Reads metadata from the beginning of a file. Throws a RangeError when it does not end within the bytes. */
export function parseGgufMetadata(bytes: Buffer, withLists: boolean): GgufMetadata | null {
  const reader = new Reader(bytes, withLists);
  if (reader.bytes(4).toString('latin1') !== 'GGUF') return null;
  const version = reader.number(4);
  // Version 1 has other sizes, and files of it are no longer around; a big-endian one has a version far above.
  if (version < 2 || version > 3) return null;
  reader.count();
  const entries = reader.count();
  const metadata: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (let entry = 0; entry < entries; entry += 1) {
    const key = reader.text();
    const value = reader.value(reader.number(4));
    if (value !== undefined) metadata[key] = value;
  }
  return metadata;
}

const stringType = 8;
const listType = 9;
/** Readers of numbers by their types, with their sizes in bytes. */
const numberTypes: Readonly<Record<number, readonly [number, (bytes: Buffer, at: number) => number | boolean]>> = {
  0: [1, (bytes, at) => bytes.readUInt8(at)],
  1: [1, (bytes, at) => bytes.readInt8(at)],
  2: [2, (bytes, at) => bytes.readUInt16LE(at)],
  3: [2, (bytes, at) => bytes.readInt16LE(at)],
  4: [4, (bytes, at) => bytes.readUInt32LE(at)],
  5: [4, (bytes, at) => bytes.readInt32LE(at)],
  6: [4, (bytes, at) => bytes.readFloatLE(at)],
  7: [1, (bytes, at) => bytes.readUInt8(at) !== 0],
  10: [8, (bytes, at) => Number(bytes.readBigUInt64LE(at))],
  11: [8, (bytes, at) => Number(bytes.readBigInt64LE(at))],
  12: [8, (bytes, at) => bytes.readDoubleLE(at)],
};

/** Reads one value after the other. */
class Reader {
  readonly #bytes: Buffer;
  readonly #withLists: boolean;
  #at = 0;

  constructor(bytes: Buffer, withLists: boolean) {
    this.#bytes = bytes;
    this.#withLists = withLists;
  }

  bytes(length: number): Buffer {
    const start = this.#at;
    if (start + length > this.#bytes.length) throw new RangeError('the metadata goes on');
    this.#at += length;
    return this.#bytes.subarray(start, start + length);
  }

  number(type: number): number {
    return Number(this.#scalar(type));
  }

  /** A count of things to come, each of at least a byte. */
  count(): number {
    return this.number(10);
  }

  text(): string {
    return this.bytes(this.count()).toString('utf8');
  }

  /** A value of a type; undefined for a list that is not wanted. */
  value(type: number, depth = 0): unknown {
    if (type === stringType) return this.text();
    if (type !== listType) return this.#scalar(type);
    const itemType = this.number(4);
    const length = this.count();
    if (depth > maxDepth) throw new RangeError('lists within lists');
    const isWanted = this.#withLists || length <= shortList;
    if (isWanted || itemType === listType) {
      const values: unknown[] = [];
      for (let item = 0; item < length; item += 1) values.push(this.value(itemType, depth + 1));
      return isWanted ? values : undefined;
    }
    if (itemType === stringType) for (let item = 0; item < length; item += 1) this.bytes(this.count());
    else this.bytes(length * this.#sizeOf(itemType));
    return undefined;
  }

  #scalar(type: number): number | boolean {
    const size = this.#sizeOf(type);
    return numberTypes[type]![1](this.bytes(size), 0);
  }

  #sizeOf(type: number): number {
    const known = numberTypes[type];
    // No more of the file can be read: the caller takes it for one that is no GGUF file.
    if (known === undefined) throw new RangeError(`type ${type}`);
    return known[0];
  }
}

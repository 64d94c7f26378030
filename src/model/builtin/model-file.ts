import { endianness } from 'node:os';
import { ServiceError } from '../../core/errors.ts';
import { modelWordsVersion } from '../../text/model-words.ts';

/** The weights of a static embedding model, as they lie in its file (README.md describes the format). */
export interface StaticWeights {
  readonly rows: number;
  readonly dimensions: number;
  /** Row-major, `rows` × `dimensions`. */
  readonly vectors: Int8Array;
  /** What a row's numbers are multiplied with in a chunk, and in a question. */
  readonly chunkScale: Float32Array;
  readonly questionScale: Float32Array;
  /** The entries of the vocabulary, one for each row, as UTF-8; entry i lies at offsets i to i + 1. */
  readonly strings: Uint8Array;
  readonly stringOffsets: Uint32Array;
  /** SHA-256 of everything behind the header, hexadecimal. */
  readonly digest: string;
}

const magic = 'LKEM';
const formatVersion = 1;
const headerBytes = 64;
const digestAt = 32;
const digestBytes = 32;

/** Reads the weights where they lie, without copying. Errors: `internal` for a file of another format, version or size. */
export function readWeights(memory: ArrayBufferLike): StaticWeights {
  if (endianness() !== 'LE') throw damaged('this machine is big-endian');
  const bytes = Buffer.from(memory);
  if (bytes.length < headerBytes || bytes.toString('latin1', 0, 4) !== magic) throw damaged('it is no model');
  const [format, words, rows, dimensions, stringBytes] = new Uint32Array(memory, 4, 5);
  if (format !== formatVersion || words !== modelWordsVersion) throw damaged('it is of another version');
  if (rows === undefined || dimensions === undefined || stringBytes === undefined) throw damaged('it ends early');
  const scales = headerBytes;
  const offsets = scales + 8 * rows;
  const strings = offsets + 4 * (rows + 1);
  const vectors = strings + stringBytes;
  if (bytes.length !== vectors + rows * dimensions) throw damaged('its size is wrong');
  return {
    rows,
    dimensions,
    vectors: new Int8Array(memory, vectors, rows * dimensions),
    chunkScale: new Float32Array(memory, scales, rows),
    questionScale: new Float32Array(memory, scales + 4 * rows, rows),
    strings: new Uint8Array(memory, strings, stringBytes),
    stringOffsets: new Uint32Array(memory, offsets, rows + 1),
    digest: bytes.toString('hex', digestAt, digestAt + digestBytes),
  };
}

function damaged(why: string): ServiceError {
  return new ServiceError('internal', `The built-in embedding model cannot be read: ${why}. Install Lorekeep again.`);
}

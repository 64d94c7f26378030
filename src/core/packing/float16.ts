const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** IEEE 754 half-precision bits of a number, rounded to nearest, ties to even. */
function encodeHalf(value: number): number {
  float[0] = value;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const exponent = ((word >>> 23) & 0xff) - 112;
  const mantissa = word & 0x7fffff;
  if (exponent >= 31) return sign | 0x7c00 | (exponent === 143 && mantissa !== 0 ? 0x200 : 0);
  if (exponent < -10) return sign;
  // A subnormal half keeps fewer bits and makes the leading one explicit.
  const shift = exponent <= 0 ? 14 - exponent : 13;
  const significand = exponent <= 0 ? mantissa | 0x800000 : mantissa;
  const half = (exponent <= 0 ? 0 : exponent << 10) | (significand >>> shift);
  const rest = significand & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  const roundUp = rest > middle || (rest === middle && (half & 1) === 1);
  return sign | (roundUp ? half + 1 : half);
}

function decodeHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** Half-precision bits of a vector: what the embedding cache keeps. Needs no `Float16Array` (Node 24). */
export function toFloat16(vector: Float32Array): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(vector.length);
  for (let i = 0; i < vector.length; i++) halves[i] = encodeHalf(vector[i] ?? 0);
  return halves;
}

/** The vector that half-precision bits stand for. */
export function fromFloat16(halves: Uint16Array): Float32Array {
  const vector = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) vector[i] = decodeHalf(halves[i] ?? 0);
  return vector;
}

/** Half-precision bits as bytes of a blob, in the byte order of the machine. */
export function halfBytes(halves: Uint16Array): Uint8Array {
  return new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength);
}

/** Bytes of a blob as half-precision bits; copies, since a blob need not be aligned. */
export function halvesOf(bytes: Uint8Array): Uint16Array {
  const halves = new Uint16Array(bytes.byteLength >>> 1);
  halfBytes(halves).set(bytes.subarray(0, halves.byteLength));
  return halves;
}

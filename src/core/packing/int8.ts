/** Largest number of a vector of signed bytes. */
const largest = 127;

/**
 * A vector as signed bytes: a quarter of its size, and cosines change by about 0.001. The largest number becomes 127, so only its
 * direction is kept; the bytes of what `fromInt8` gives are the same again. Numbers that are not finite become 0.
 */
export function toInt8(vector: Float32Array): Int8Array<ArrayBuffer> {
  let most = 0;
  for (const value of vector) most = Math.max(most, Math.abs(value));
  const scale = most > 0 && Number.isFinite(most) ? largest / most : 0;
  const bytes = new Int8Array(vector.length);
  for (let i = 0; i < vector.length; i++) bytes[i] = Math.round(vector[i]! * scale);
  return bytes;
}

/** The vector of length 1 in the direction that the bytes give. */
export function fromInt8(bytes: Int8Array): Float32Array {
  let squares = 0;
  for (const value of bytes) squares += value * value;
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  return Float32Array.from(bytes, (value) => value * scale);
}

import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Compresses text at zstd's usual level. */
export function compressText(text: string): Uint8Array<ArrayBuffer> {
  // A copy: a buffer of zstd's own cannot go to another thread.
  return new Uint8Array(zstdCompressSync(text));
}

/** The text that `compressText` was given. */
export function decompressText(bytes: Uint8Array): string {
  return zstdDecompressSync(bytes).toString('utf8');
}

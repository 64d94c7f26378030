import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Compresses text at zstd's usual level. */
export function compressText(text: string): Uint8Array<ArrayBuffer> {
  // A copy: zstd hands out a few bytes of a large buffer, all of which would go to another thread with them.
  return new Uint8Array(zstdCompressSync(text));
}

/** The text that `compressText` was given. */
export function decompressText(bytes: Uint8Array): string {
  return zstdDecompressSync(bytes).toString('utf8');
}

import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Compresses text that is kept for long: zstd's usual level. */
export function compressText(text: string): Uint8Array {
  return zstdCompressSync(text);
}

/** Compresses text that is kept for seconds: fast, at a third more bytes. */
export function compressBriefly(text: string): Uint8Array {
  return zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** The text that either of the above has compressed. */
export function decompressText(bytes: Uint8Array): string {
  return zstdDecompressSync(bytes).toString('utf8');
}

import type { FileRecord, IndexedFile } from '../../core/catalogue.ts';
import { type DegradeReason, degradeReasons } from '../../core/source-file.ts';

/** A row of `file`; 64-bit numbers come as text, since a JavaScript number would lose their last digits. */
export interface FileRow {
  readonly file: number;
  readonly path: string;
  readonly hash: Uint8Array;
  readonly bytes: number;
  readonly mtimeNs: string;
  readonly inode: string;
  readonly language: string;
  readonly encoding: string;
  readonly chunkerVersion: string;
  readonly generation: number;
  readonly chunks: number;
  readonly lines: number;
  readonly degraded: string;
}

/** Reads rows of `file`; a WHERE clause may follow. */
export const selectFiles = `SELECT file, path, hash, bytes, CAST(mtime_ns AS TEXT) AS mtimeNs, CAST(inode AS TEXT) AS inode,
  language, encoding, chunker_version AS chunkerVersion, generation, chunks, lines, degraded FROM file`;

/** A row as the port's record. */
export function fileRecord(row: FileRow): FileRecord {
  return {
    file: row.file,
    path: row.path,
    hash: Buffer.from(row.hash).toString('hex'),
    stat: { bytes: row.bytes, mtimeNs: BigInt(row.mtimeNs), inode: unsigned(BigInt(row.inode)) },
    language: row.language,
    encoding: row.encoding,
    generation: row.generation,
    chunkerVersion: row.chunkerVersion,
    chunks: row.chunks,
    lines: row.lines,
    degraded: parseReasons(row.degraded),
  };
}

/** SQLite's integers are signed; some file systems use inode numbers beyond them. */
export function signed(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** Reasons as one column. */
export function formatReasons(reasons: IndexedFile['degraded']): string {
  return [...new Set(reasons)].join(',');
}

/** Reasons from their column. */
export function parseReasons(column: string): readonly DegradeReason[] {
  const written = new Set(column.split(','));
  return degradeReasons.filter((reason) => written.has(reason));
}

function unsigned(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

import { readdir, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainEnd } from './log-line.ts';

/** The file that says where the chain stands. */
export const headName = 'head';

const digits = 12;
const filePattern = /^\d{12}\.jsonl$/;

/** Name of the file whose first line has a number. */
export function logFileName(firstSequence: number): string {
  return `${String(firstSequence).padStart(digits, '0')}.jsonl`;
}

/** Number of a file's first line. */
export function firstSequenceOf(name: string): number {
  return Number(name.slice(0, digits));
}

/** Names of the log's files, oldest first; empty where there is no log. */
export async function logFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => filePattern.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The text of the head file: of one length, so that it is written over at one stroke. */
export function headText({ sequence, hash }: ChainEnd): string {
  return `${String(sequence).padStart(digits, '0')} ${hash}\n`;
}

/** Reads the head file's text; null where it is damaged. */
export function parseHead(text: string): ChainEnd | null {
  const found = /^(\d{12}) ([0-9a-f]{64})\n$/.exec(text);
  return found === null ? null : { sequence: Number(found[1]), hash: found[2]! };
}

/** Where the chain should stand, as the head file says; null where that is missing or damaged. */
export async function readHead(folder: string): Promise<ChainEnd | null> {
  try {
    return parseHead(await readFile(join(folder, headName), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const lineFeed = 10;
const firstPiece = 65_536;

/** The last complete lines of a file, without their line feeds, and where the last of them ends, in bytes. */
export async function lastLines(
  handle: FileHandle,
  size: number,
  count: number,
): Promise<{ readonly lines: readonly Buffer[]; readonly end: number }> {
  for (let length = Math.min(size, firstPiece); ; length = Math.min(size, length * 4)) {
    const piece = Buffer.alloc(length);
    await handle.read(piece, 0, length, size - length);
    const end = piece.lastIndexOf(lineFeed) + 1;
    const lines = end === 0 ? [] : splitLines(piece.subarray(0, end - 1));
    // The first line of a piece may be the end of a longer one.
    if (length === size) return { lines: lines.slice(-count), end };
    if (lines.length > count) return { lines: lines.slice(-count), end: size - length + end };
  }
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, start)) {
    lines.push(bytes.subarray(start, at));
    start = at + 1;
  }
  lines.push(bytes.subarray(start));
  return lines;
}

import { sha256 } from '../../src/core/hash.ts';
import type { SourceFile } from '../../src/core/source-file.ts';

/** Offsets of line starts after LF, CR LF and lone CR. */
export function lineStartsOf(text: string): Uint32Array {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return Uint32Array.from(starts);
}

/** A source file made of a string. */
export function sourceFileOf(text: string, given: Partial<SourceFile> = {}): SourceFile {
  return {
    path: 'src/file.txt',
    text,
    encoding: 'utf-8',
    encodingGuessed: false,
    lineStarts: lineStartsOf(text),
    hash: sha256(text),
    bytes: Buffer.byteLength(text),
    language: 'text',
    ...given,
  };
}

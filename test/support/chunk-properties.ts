import { expect } from 'vitest';
import type { ChunkOptions } from '../../indexer/chunk/chunk-options.ts';
import type { Chunk } from '../../src/core/chunk.ts';
import type { SourceFile } from '../../src/core/source-file.ts';

/** Checks what must hold for the chunks of any file, whatever its text. */
export function expectSoundChunks(file: SourceFile, chunks: readonly Chunk[], options: ChunkOptions): void {
  let at = 0;
  chunks.forEach((chunk, index) => {
    expect(chunk.ordinal).toBe(index);
    expect(chunk.start).toBe(at);
    expect(chunk.end).toBeGreaterThan(chunk.start);
    at = chunk.end;
    expectSoundSize(file, chunk, options);
    expectSoundLines(file, chunk);
    expect(startsWithinPair(file.text, chunk.start)).toBe(false);
    for (const signature of chunk.context) expect(signature).toMatch(/^\S(?:.{0,198}\S)?$/u);
  });
  expect(at).toBe(file.text.length);
}

function expectSoundSize(file: SourceFile, chunk: Chunk, options: ChunkOptions): void {
  const text = file.text.slice(chunk.start, chunk.end);
  const size = text.replace(/[\s\p{Cc}]+/gu, '').length;
  if (size <= options.maxChars) return;
  // Bigger than the maximum: only a single line may be, and only up to the line's own maximum.
  expect(text.replace(/^[\s\p{Cc}]+|[\s\p{Cc}]+$/gu, '')).not.toMatch(/[\r\n]/);
  expect(size).toBeLessThanOrEqual(options.maxLineChars);
}

function expectSoundLines(file: SourceFile, chunk: Chunk): void {
  const text = file.text.slice(chunk.start, chunk.end);
  const leading = text.search(/[^\s\p{Cc}]/u);
  const first = chunk.start + Math.max(0, leading);
  expect(chunk.startLine).toBe(lineByCounting(file.text, first));
  expect(chunk.endLine).toBeGreaterThanOrEqual(chunk.startLine);
  if (leading >= 0) {
    const last = chunk.start + text.replace(/[\s\p{Cc}]+$/u, '').length - 1;
    expect(chunk.endLine).toBe(lineByCounting(file.text, last));
  }
}

/** 1-based line of an offset, counted without a line table. */
function lineByCounting(text: string, offset: number): number {
  const before = text.slice(0, offset);
  const breaks = before.match(/\r\n|\r|\n/g)?.length ?? 0;
  return breaks + 1;
}

function startsWithinPair(text: string, offset: number): boolean {
  if (offset === 0) return false;
  return /^[\ud800-\udbff][\udc00-\udfff]$|^\r\n$/.test(text.slice(offset - 1, offset + 1));
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveChunkOptions } from '../../../indexer/chunk/chunk-options.ts';
import { chunkSource } from '../../../indexer/chunk/chunk-source.ts';
import type { SyntaxNode, SyntaxUnit } from '../../../grammars/syntax-tree.ts';
import type { ChunkOutline } from '../../../indexer/chunk/chunk-outline.ts';
import { expectSoundChunks } from '../../support/chunk-properties.ts';
import { sourceFileOf } from '../../support/source-file-of.ts';

const options = fc
  .record({ targetChars: fc.integer({ min: 1, max: 300 }), extra: fc.integer({ min: 0, max: 200 }) })
  .map(({ targetChars, extra }) => resolveChunkOptions({ targetChars, maxChars: Math.max(16, targetChars) + extra }));

const token = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('foo', 'bar1', '(', ')', '{', '}', '//', 'end', '"text"', ' ', '\t') },
  { weight: 3, arbitrary: fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\n    ') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '𝒳',
      '漢字',
      '👩‍💻',
      '𝒳'.repeat(300),
      ' ',
      ' ',
      '\u0000',
      'x'.repeat(400),
      ' '.repeat(9000),
    ),
  },
);
const text = fc.array(token, { maxLength: 250 }).map((tokens) => tokens.join(''));

/** A random tree over a text: nodes nest and do not overlap, some are units, some are comments. */
function randomOutline(source: string, seed: readonly number[]): ChunkOutline {
  const units: SyntaxUnit[] = [];
  const leads: { start: number; end: number }[] = [];
  let turn = 0;
  const pick = (limit: number): number => seed[turn++ % seed.length]! % limit;
  const grow = (start: number, end: number, depth: number): SyntaxNode => {
    const children: SyntaxNode[] = [];
    for (let at = start; depth < 12 && at < end && turn < 2000;) {
      const childStart = Math.min(end, at + pick(8));
      const childEnd = Math.min(end, childStart + 1 + pick(Math.max(1, (end - start) >> 1)));
      if (childEnd > childStart) children.push(grow(childStart, childEnd, depth + 1));
      at = Math.max(childEnd, at + 1);
    }
    if (pick(3) === 0) units.push({ start, end, bodyStart: start + ((end - start) >> 1), name: `unit${turn}` });
    else if (pick(4) === 0) leads.push({ start, end });
    return { type: 'node', isNamed: true, startIndex: start, endIndex: end, children };
  };
  const root = grow(0, source.length, 0);
  units.sort((left, right) => left.start - right.start || right.end - left.end);
  leads.sort((left, right) => left.start - right.start);
  return { root, units, leads, document: false };
}

describe('chunkSource', () => {
  it('covers any text in order within the size bounds, without a tree', () => {
    fc.assert(
      fc.property(text, options, (source, sizes) => {
        const file = sourceFileOf(source);
        expectSoundChunks(file, chunkSource(file, null, sizes), sizes);
      }),
      { numRuns: 100 },
    );
  });

  it('covers any text in order within the size bounds, with any tree', () => {
    fc.assert(
      fc.property(text, options, fc.array(fc.nat(1000), { minLength: 5 }), (source, sizes, seed) => {
        const file = sourceFileOf(source);
        const outline = randomOutline(source, seed);
        const chunks = chunkSource(file, outline, sizes);
        expectSoundChunks(file, chunks, sizes);
        expect(chunkSource(file, outline, sizes)).toEqual(chunks);
      }),
      { numRuns: 100 },
    );
  });

  it('gives no chunk for an empty file and one for a file of blanks', () => {
    const sizes = resolveChunkOptions();
    expect(chunkSource(sourceFileOf(''), null, sizes)).toEqual([]);
    expect(chunkSource(sourceFileOf(' \n\n'), null, sizes)).toMatchObject([{ start: 0, end: 3, startLine: 1 }]);
  });

  it('cuts windows at blank lines before dedents, and nowhere else if it can', () => {
    const block = (name: string): string => `${name}:\n${'    some words of content\n'.repeat(15)}\n`;
    const file = sourceFileOf(block('alpha') + block('beta') + block('gamma'));
    const chunks = chunkSource(file, null, resolveChunkOptions({ targetChars: 400 }));
    expect(chunks.map((chunk) => file.text.slice(chunk.start, chunk.end).trim().split(':')[0])).toEqual([
      'alpha',
      'beta',
      'gamma',
    ]);
    expect(chunks.every((chunk) => chunk.kind === 'window')).toBe(true);
  });

  it('splits one endless line between its tokens', () => {
    const file = sourceFileOf('identifier,'.repeat(2000));
    const sizes = resolveChunkOptions();
    const chunks = chunkSource(file, null, sizes);
    expectSoundChunks(file, chunks, sizes);
    expect(chunks.length).toBeGreaterThan(15);
    for (const chunk of chunks) expect(file.text.slice(chunk.start, chunk.end)).toMatch(/^,?identifier.*[r,]$/);
    expect(new Set(chunks.map((chunk) => chunk.startLine))).toEqual(new Set([1]));
  });

  it('never cuts inside a surrogate pair or a line end', () => {
    const file = sourceFileOf(`x${'𝒳'.repeat(3000)}\r\n${'y'.repeat(101)}\r\n${'z'.repeat(5000)}`);
    for (const targetChars of [16, 17, 50, 101, 103]) {
      const sizes = resolveChunkOptions({ targetChars, maxChars: targetChars });
      expectSoundChunks(file, chunkSource(file, null, sizes), sizes);
    }
  });

  it('does not part the characters of a line end behind endless blanks', () => {
    const file = sourceFileOf(`${'x'.repeat(33)}${' '.repeat(64 * 15 - 1)}\r\ny`);
    const sizes = resolveChunkOptions({ targetChars: 16, maxChars: 16 });
    expectSoundChunks(file, chunkSource(file, null, sizes), sizes);
  });

  it('keeps every chunk within the maximum where lines allow it', () => {
    const lines = Array.from({ length: 400 }, (_, at) => 'w'.repeat((at * 31) % 97));
    const file = sourceFileOf(lines.join('\n'));
    for (let targetChars = 100; targetChars < 130; targetChars++) {
      const sizes = resolveChunkOptions({ targetChars, maxChars: targetChars });
      expectSoundChunks(file, chunkSource(file, null, sizes), sizes);
    }
  });

  it('cuts a megabyte of one line and a million blank lines', () => {
    const sizes = resolveChunkOptions();
    const oneLine = sourceFileOf('ab '.repeat(400_000));
    const blanks = sourceFileOf('\n'.repeat(1_000_000));
    expectSoundEnds(oneLine.text.length, chunkSource(oneLine, null, sizes));
    expectSoundEnds(blanks.text.length, chunkSource(blanks, null, sizes));
  });
});

function expectSoundEnds(length: number, chunks: readonly { start: number; end: number }[]): void {
  expect(chunks.length).toBeGreaterThan(5);
  expect(chunks.at(-1)!.end).toBe(length);
}

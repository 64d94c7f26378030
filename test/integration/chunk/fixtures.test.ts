import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languageOf } from '../../../grammars/detect.ts';
import { loadGrammar } from '../../../grammars/grammar.ts';
import { resolveChunkOptions, type ChunkOptions } from '../../../indexer/chunk/chunk-options.ts';
import { chunkSource } from '../../../indexer/chunk/chunk-source.ts';
import { extractSymbols } from '../../../indexer/symbol/extract-symbols.ts';
import { lineAt, type SourceFile } from '../../../src/core/source-file.ts';
import { expectSoundChunks } from '../../support/chunk-properties.ts';
import { sourceFileOf } from '../../support/source-file-of.ts';

const folder = new URL('../../fixtures/languages/', import.meta.url);
const fixtures = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => `${entry.parentPath}/${entry.name}`);

const sizes = fc
  .record({ targetChars: fc.integer({ min: 16, max: 900 }), extra: fc.integer({ min: 0, max: 400 }) })
  .map(({ targetChars, extra }) => resolveChunkOptions({ targetChars, maxChars: targetChars + extra }));

/** One way to spoil a text. */
type Mutation = (text: string) => string;
const place = fc.double({ min: 0, max: 1, noNaN: true });
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.constant<Mutation>((text) => text.replaceAll(/\r?\n/g, '\r\n')),
  fc.constant<Mutation>((text) => text.replaceAll(/\r?\n/g, '\r')),
  fc.constant<Mutation>((text) => text.replaceAll(/\s*\n\s*/g, ' ')),
  fc.tuple(place, place).map(
    ([from, to]): Mutation =>
      (text) =>
        cut(text, from, to),
  ),
  fc.tuple(place, fc.constantFrom('𝒳', '/*', '"""', '}}}', '\n\n\n', '((', '👩‍💻', '\u0000')).map(
    ([at, extra]): Mutation =>
      (text) =>
        insert(text, at, extra),
  ),
);

function cut(text: string, from: number, to: number): string {
  const start = Math.floor(Math.min(from, to) * text.length);
  return text.slice(0, start) + text.slice(Math.floor(Math.max(from, to) * text.length));
}

function insert(text: string, at: number, extra: string): string {
  const index = Math.floor(at * text.length);
  return text.slice(0, index) + extra + text.slice(index);
}

/** Chunks and symbols of a text with its real grammar, checked. */
async function check(file: SourceFile, options: ChunkOptions): Promise<void> {
  const parsed = (await loadGrammar(file.language))?.parse(file.text);
  const tree = parsed && 'tree' in parsed ? parsed.tree : null;
  const chunks = chunkSource(file, tree, options);
  expectSoundChunks(file, chunks, options);
  expect(chunkSource(file, tree, options)).toEqual(chunks);
  if (tree === null) return;
  const lines = file.lineStarts.length;
  for (const symbol of extractSymbols(tree, file)) {
    const nameLine = lineAt(file.lineStarts, symbol.nameStart);
    expect(symbol.startLine).toBeLessThanOrEqual(nameLine);
    expect(symbol.endLine).toBeGreaterThanOrEqual(nameLine);
    expect(symbol.endLine).toBeLessThanOrEqual(lines);
    expect(symbol.signature.length).toBeLessThanOrEqual(200);
  }
  tree.close();
}

describe.each(fixtures)('chunks of %s', (path) => {
  const text = readFileSync(path, 'utf8');
  const language = languageOf(basename(path), text);

  it('cover it in order within the size bounds, whatever the sizes and however it is spoilt', async () => {
    await check(sourceFileOf(text, { language }), resolveChunkOptions());
    await fc.assert(
      fc.asyncProperty(sizes, fc.array(mutation, { maxLength: 3 }), async (options, mutations) => {
        const spoilt = mutations.reduce((current, mutate) => mutate(current), text);
        await check(sourceFileOf(spoilt, { language }), options);
      }),
      { numRuns: 12 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { SyntaxNode, SyntaxUnit } from '../../../grammars/syntax-tree.ts';
import type { ChunkOutline } from '../../../indexer/chunk/chunk-outline.ts';
import { resolveChunkOptions } from '../../../indexer/chunk/chunk-options.ts';
import { chunkSource } from '../../../indexer/chunk/chunk-source.ts';
import type { Chunk } from '../../../src/core/chunk.ts';
import { sourceFileOf } from '../../support/source-file-of.ts';

/**
 * A tiny brace language: `name {` opens a unit, `}` alone closes it, `# …` is a comment, any other line a statement.
 * Enough syntax to see where the chunker cuts, with a tree that is plain to see.
 */
function parseBraces(text: string): ChunkOutline {
  const units: SyntaxUnit[] = [];
  const leads: { start: number; end: number }[] = [];
  const node = (startIndex: number, endIndex: number, children: readonly SyntaxNode[]): SyntaxNode => ({
    type: 'node',
    isNamed: children.length > 0,
    startIndex,
    endIndex,
    children,
  });
  const open: { start: number; bodyStart: number; name: string; children: SyntaxNode[] }[] = [
    { start: 0, bodyStart: 0, name: '', children: [] },
  ];
  for (const match of text.matchAll(/\S[^\n]*/g)) {
    const [line] = match;
    const start = match.index;
    const end = start + line.length;
    if (line === '}') {
      const { children, ...unit } = open.pop()!;
      units.push({ ...unit, end });
      open.at(-1)!.children.push(node(unit.start, end, [...children, node(start, end, [])]));
    } else if (line.endsWith('{')) {
      open.push({ start, bodyStart: end - 1, name: line.slice(0, -2), children: [node(start, end, [])] });
    } else {
      if (line.startsWith('#')) leads.push({ start, end });
      open.at(-1)!.children.push(node(start, end, []));
    }
  }
  units.sort((left, right) => left.start - right.start || right.end - left.end);
  return { root: node(0, text.length, open[0]!.children), units, leads, document: false };
}

const statements = (count: number, indent = '  '): string => `${indent}do_something_now;\n`.repeat(count);
const unit = (name: string, count: number): string => `${name} {\n${statements(count)}}\n`;
/** 17 characters a statement: a target of 170 is ten statements. */
const options = resolveChunkOptions({ targetChars: 170, maxChars: 250, ownChars: 70 });

function chunksOf(text: string): (Chunk & { text: string })[] {
  const chunks = chunkSource(sourceFileOf(text), parseBraces(text), options);
  return chunks.map((chunk) => ({ ...chunk, text: text.slice(chunk.start, chunk.end) }));
}

const summary = (text: string): string[] => chunksOf(text).map(({ kind, name }) => `${kind} ${name}`.trim());

describe('chunks along the syntax', () => {
  it('gives definitions of good size a chunk each', () => {
    expect(summary([unit('alpha', 6), unit('beta', 8), unit('gamma', 12)].join('\n'))).toEqual([
      'definition alpha',
      'definition beta',
      'definition gamma',
    ]);
  });

  it('does not merge a definition of good size with a small neighbour that can stand alone', () => {
    expect(summary(`${unit('small', 3)}\n${unit('alpha', 5)}`)).toEqual(['definition small', 'definition alpha']);
  });

  it('merges small definitions up to the target', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
    const chunks = chunksOf(names.map((name) => unit(name, 2)).join('\n'));
    expect(chunks.map(({ kind }) => kind)).toEqual(['members', 'members']);
  });

  it('keeps comments with what they document', () => {
    const text = `${unit('alpha', 9)}\n# About beta,\n# in two lines.\n${unit('beta', 9)}`;
    expect(chunksOf(text).map((chunk) => chunk.text.trimStart().split('\n')[0])).toEqual(['alpha {', '# About beta,']);
    expect(summary(text)).toEqual(['definition alpha', 'definition beta']);
  });

  it('keeps a comment with what follows it even where it would fill up what comes before', () => {
    const text = `${statements(6, '')}# About beta.\n${unit('beta', 6)}`;
    expect(chunksOf(text).map((chunk) => chunk.text.split('\n')[0])).toEqual(['do_something_now;', '# About beta.']);
  });

  it('keeps a comment behind code with that code', () => {
    const text = `${statements(9, '')}last_one; \n# Of alpha.\n${unit('alpha', 8)}`;
    const trailing = text.replace('; \n# Of', '; # Of');
    expect(chunksOf(trailing)[0]!.text).toMatch(/# Of alpha\.\n$/);
  });

  it('puts blank lines before what follows them', () => {
    const text = `${unit('alpha', 9)}\n\n\n${unit('beta', 9)}`;
    expect(chunksOf(text)[1]).toMatchObject({ startLine: 15, endLine: 25 });
    expect(chunksOf(text)[1]!.text).toMatch(/^\n\n\nbeta/);
  });

  it('splits a long definition between its statements and never leaves a lone closer', () => {
    const chunks = chunksOf(unit('alpha', 40));
    expect(chunks.length).toBeGreaterThan(2);
    for (const chunk of chunks) {
      expect(chunk).toMatchObject({ kind: 'part', name: 'alpha', context: ['alpha'] });
      expect(chunk.text).toMatch(/\n$/);
      expect(chunk.text.trim()).not.toBe('}');
    }
  });

  it('splits at the outermost level that will do', () => {
    const inner = (name: string): string => `  ${name} {\n${statements(9, '    ')}  }\n`;
    const text = `outer {\n${inner('one')}${inner('two')}${inner('three')}}\n`;
    expect(summary(text)).toEqual(['definition one', 'definition two', 'definition three']);
    expect(chunksOf(text).map(({ context }) => context)).toEqual([['outer'], ['outer'], ['outer']]);
  });

  it('puts the head of a class with its first members', () => {
    const text = `outer {\n${statements(2)}${`  m {\n${statements(2)}  }\n`.repeat(8)}}\n`;
    const [first] = chunksOf(text);
    expect(first!.text).toMatch(/^outer \{\n[^]*m \{/);
  });

  it('does not join the tail of one definition with the next', () => {
    const text = unit('alpha', 25) + unit('beta', 5);
    const chunks = chunksOf(text);
    const last = chunks.at(-1)!;
    expect(last).toMatchObject({ kind: 'definition', name: 'beta' });
    expect(last.text.startsWith('beta {')).toBe(true);
  });

  it('calls statements outside definitions code, and sections of documents sections', () => {
    expect(summary(statements(5, ''))).toEqual(['code']);
    const text = unit('Heading', 8);
    const [section] = chunkSource(sourceFileOf(text), { ...parseBraces(text), document: true }, options);
    expect(section).toMatchObject({ kind: 'section', name: 'Heading' });
  });

  it('names a chunk after the definition that fills most of it', () => {
    expect(summary(`import_a;\n${unit('alpha', 6)}`)).toEqual(['definition alpha']);
  });
});

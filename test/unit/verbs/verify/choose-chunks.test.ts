import { describe, expect, it } from 'vitest';
import type { UnpackedChunk } from '../../../../src/core/packing/packed-chunks.ts';
import { chooseChunks, type FormerChunk } from '../../../../src/verbs/verify/choose-chunks.ts';

function chunk(name: string, text: string, changes: Partial<UnpackedChunk> = {}): UnpackedChunk {
  const kind = name === '' ? 'code' : 'definition';
  return { kind, name, text, context: '', startLine: 1, endLine: 1, terms: '', ...changes };
}

function former(name: string, text: string, changes: Partial<FormerChunk> = {}): FormerChunk {
  return { kind: name === '' ? 'code' : 'definition', name, text, context: [], startLine: 1, ...changes };
}

/** Places of the chunks that the hits have become, null for none. */
function chosen(hits: readonly FormerChunk[], chunks: readonly UnpackedChunk[]): (number | null)[] {
  const found = chooseChunks(hits, chunks);
  return hits.map((hit) => {
    const one = found.get(hit);
    return one === undefined ? null : chunks.indexOf(one);
  });
}

const body = 'alpha();\nbeta();\ngamma();\ndelta();\n';

describe('chooseChunks', () => {
  it('follows the name, also where all else is new', () => {
    expect(chosen([former('pay', body)], [chunk('', body), chunk('pay', 'other();\n')])).toEqual([1]);
  });

  it('follows a definition that is now in parts, and one that was', () => {
    const parts = [chunk('pay', 'alpha();\n', { kind: 'part' }), chunk('pay', 'beta();\ngamma();\n', { kind: 'part' })];
    expect(chosen([former('pay', body)], parts)).toEqual([1]);
  });

  it('knows methods of one name apart by what they lie in', () => {
    const chunks = [chunk('run', 'one();\n', { context: 'class A' }), chunk('run', 'two();\n', { context: 'class B' })];
    expect(chosen([former('run', 'new();\n', { context: ['class B'] })], chunks)).toEqual([1]);
    expect(chosen([former('run', 'new();\n', { context: ['class C'] })], chunks)).toEqual([null]);
  });

  it('takes what shares most lines where there is no name', () => {
    const chunks = [chunk('', 'alpha();\n'), chunk('', 'alpha();\nbeta();\ngamma();\nnew();\n'), chunk('', 'new();\n')];
    expect(chosen([former('', body)], chunks)).toEqual([1]);
  });

  it('takes a function that was given another name', () => {
    expect(chosen([former('pay', body)], [chunk('settle', body)])).toEqual([0]);
  });

  it('finds nothing where nothing is like it: braces and blank lines are in all code', () => {
    expect(chosen([former('pay', '{\n  alpha();\n  beta();\n}\n')], [chunk('', '{\n\n  omega();\n}\n')])).toEqual([
      null,
    ]);
  });

  it('never chooses a chunk twice, and gives it to the one that is most like it', () => {
    const hits = [former('', 'alpha();\nother();\n'), former('', body)];
    expect(chosen(hits, [chunk('', body)])).toEqual([null, 0]);
    const twins = chosen([former('pay', body), former('pay', body)], [chunk('pay', body), chunk('pay', body)]);
    expect(new Set(twins)).toEqual(new Set([0, 1]));
  });

  it('reads lines of any line end and script', () => {
    expect(chosen([former('', '表示する\r\n保存する\r\n')], [chunk('', '表示する\n保存する\n')])).toEqual([0]);
  });
});

import type { IndexedFile } from '../../src/core/catalogue.ts';
import type { CodeSymbol } from '../../src/core/code-graph.ts';

/** A file of lines, one chunk a line, each chunk's terms being the line's words. */
export function indexedFile(path: string, lines: readonly string[], fields: Partial<IndexedFile> = {}): IndexedFile {
  let at = 0;
  const chunks = lines.map((line, ordinal) => {
    const text = `${line}\n`;
    const start = at;
    at += text.length;
    const place = { ordinal, start, end: at, startLine: ordinal + 1, endLine: ordinal + 1 };
    return { ...place, kind: 'code' as const, name: '', context: [], text, terms: line.toLowerCase() };
  });
  return {
    path,
    hash: 'ab'.repeat(32),
    stat: { bytes: at, mtimeNs: 1_763_800_000_123_456_789n, inode: 2n ** 64n - 2n },
    language: 'typescript',
    encoding: 'utf-8',
    chunkerVersion: '1',
    lines: lines.length,
    degraded: [],
    chunks,
    symbols: [],
    ...fields,
  };
}

/** A function named at an offset of the file's text. */
export function definition(name: string, nameStart: number, fields: Partial<CodeSymbol> = {}): CodeSymbol {
  return {
    name,
    kind: 'function',
    container: '',
    startLine: 1,
    endLine: 2,
    nameStart,
    signature: `f ${name}`,
    ...fields,
  };
}

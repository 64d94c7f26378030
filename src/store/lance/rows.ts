import type { Table as ArrowTable } from 'apache-arrow';
import { type ChunkKind, chunkKinds } from '../../core/chunk.ts';
import { fromInt8 } from '../../core/packing/int8.ts';
import type { ChunkContent, ChunkOutline, ChunkRecord } from '../../core/vector-store.ts';

type Columns = (name: string) => (row: number) => unknown;

/** Chunks without their texts from a query result. */
export function outlinesOf(table: ArrowTable): ChunkOutline[] {
  const located = outlineReader(table);
  return Array.from({ length: table.numRows }, (_, row) => located(row));
}

/** Makes the outline of a row of a query result. */
export function outlineReader(table: ArrowTable): (row: number) => ChunkOutline {
  return locator(columnsOf(table));
}

/** The ids of a query result. */
export function idsOf(table: ArrowTable): Int32Array {
  const ids = new Int32Array(table.numRows);
  let at = 0;
  for (const batch of table.batches) {
    const values: unknown = batch.getChild('id')?.toArray();
    if (values instanceof Int32Array) ids.set(values, at);
    at += batch.numRows;
  }
  return ids;
}

/** Contents by chunk id from a query result. */
export function contentsOf(table: ArrowTable): Map<number, ChunkContent> {
  const column = columnsOf(table);
  const id = column('id');
  const content = contentReader(column);
  return new Map(Array.from({ length: table.numRows }, (_, row) => [Number(id(row)), content(row)]));
}

/** Whole records from a query result. */
export function recordsOf(table: ArrowTable): ChunkRecord[] {
  const column = columnsOf(table);
  const located = locator(column);
  const content = contentReader(column);
  const terms = column('terms');
  const vector = table.getChild('vector');
  return Array.from({ length: table.numRows }, (_, row) => {
    const record = { ...located(row), ...content(row), terms: String(terms(row)) };
    const values: Iterable<number> | null = vector?.get(row) ?? null;
    return values === null ? record : { ...record, vector: fromInt8(Int8Array.from(values)) };
  });
}

/** Rows of each file and generation. */
export function countRows(table: ArrowTable): { file: number; generation: number; rows: number }[] {
  const column = columnsOf(table);
  const file = column('file');
  const generation = column('generation');
  const counts = new Map<string, { file: number; generation: number; rows: number }>();
  for (let row = 0; row < table.numRows; row++) {
    const key = { file: Number(file(row)), generation: Number(generation(row)), rows: 0 };
    const name = `${key.file} ${key.generation}`;
    const count = counts.get(name) ?? key;
    count.rows++;
    counts.set(name, count);
  }
  return [...counts.values()];
}

function columnsOf(table: ArrowTable): Columns {
  return (name) => {
    const vector = table.getChild(name);
    return (row) => vector?.get(row);
  };
}

function locator(column: Columns): (row: number) => ChunkOutline {
  const [id, file, generation, startLine, endLine] = ['id', 'file', 'generation', 'startLine', 'endLine'].map(column);
  const [path, language, kind, name] = ['path', 'language', 'kind', 'name'].map(column);
  return (row) => ({
    id: Number(id?.(row)),
    file: Number(file?.(row)),
    generation: Number(generation?.(row)),
    path: String(path?.(row)),
    language: String(language?.(row)),
    kind: kindOf(String(kind?.(row))),
    name: String(name?.(row)),
    startLine: Number(startLine?.(row)),
    endLine: Number(endLine?.(row)),
  });
}

function contentReader(column: Columns): (row: number) => ChunkContent {
  const [context, text] = [column('context'), column('text')];
  return (row) => ({ context: String(context(row)), text: String(text(row)) });
}

function kindOf(name: string): ChunkKind {
  return chunkKinds.find((kind) => kind === name) ?? 'window';
}

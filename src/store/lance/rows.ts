import type { Table as ArrowTable } from 'apache-arrow';
import { type ChunkKind, chunkKinds } from '../../core/chunk.ts';
import type { ChunkOutline, ChunkRecord, StoreHit } from '../../core/vector-store.ts';

type Columns = (name: string) => (row: number) => unknown;

/** Hits from a query result; `scoreOf` turns LanceDB's own measure into a score. */
export function hitsOf(table: ArrowTable, measure: string, scoreOf: (value: number) => number): StoreHit[] {
  const column = columnsOf(table);
  const located = locator(column);
  const measured = column(measure);
  return Array.from({ length: table.numRows }, (_, row) => ({
    ...located(row),
    score: scoreOf(Number(measured(row))),
  }));
}

/** Chunks without their texts from a query result. */
export function outlinesOf(table: ArrowTable): ChunkOutline[] {
  const located = locator(columnsOf(table));
  return Array.from({ length: table.numRows }, (_, row) => located(row));
}

/** Texts by chunk id from a query result. */
export function textsOf(table: ArrowTable): Map<number, string> {
  const column = columnsOf(table);
  const [id, text] = [column('id'), column('text')];
  return new Map(Array.from({ length: table.numRows }, (_, row) => [Number(id(row)), String(text(row))]));
}

/** Whole records from a query result. */
export function recordsOf(table: ArrowTable): ChunkRecord[] {
  const column = columnsOf(table);
  const located = locator(column);
  const text = column('text');
  const terms = column('terms');
  const vector = table.getChild('vector');
  return Array.from({ length: table.numRows }, (_, row) => {
    const record = { ...located(row), text: String(text(row)), terms: String(terms(row)) };
    const values: Iterable<number> | null = vector?.get(row) ?? null;
    return values === null ? record : { ...record, vector: Float32Array.from(values) };
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
  const [path, language, kind, name, context] = ['path', 'language', 'kind', 'name', 'context'].map(column);
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
    context: String(context?.(row)),
  });
}

function kindOf(name: string): ChunkKind {
  return chunkKinds.find((kind) => kind === name) ?? 'window';
}

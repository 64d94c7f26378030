/** File format of new tables: the first whose blocks may hold 32 kB, so that zstd sees enough text at once. */
export const storageVersion = '2.2';

/** Columns of the chunk table by type. */
type NumberColumn = 'id' | 'file' | 'generation' | 'startLine' | 'endLine';
type TextColumn = 'path' | 'language' | 'kind' | 'name' | 'context' | 'text' | 'terms';

/** Columns that hold whole numbers. */
export const numberColumns: readonly NumberColumn[] = ['id', 'file', 'generation', 'startLine', 'endLine'];
/** Columns that hold text. */
export const textColumns: readonly TextColumn[] = ['path', 'language', 'kind', 'name', 'context', 'text', 'terms'];
/** Text columns to compress; LanceDB finds by itself that paths, languages and kinds repeat. */
export const compressedColumns: ReadonlySet<TextColumn> = new Set<TextColumn>(['name', 'context', 'text', 'terms']);

/** What a reader needs of a chunk. */
export const contentColumns: readonly TextColumn[] = ['context', 'text'];

/** What ranking needs of a chunk: everything but contents, terms and vector. */
export const outlineColumns: readonly string[] = [
  ...numberColumns,
  ...textColumns.filter((column) => column !== 'terms' && !contentColumns.includes(column)),
];

/** For reading a column of the whole table: LanceDB's own batches of 1,024 rows take ten times as long. */
export const wholeTable = { maxBatchLength: 65_536 };

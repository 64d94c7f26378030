import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type * as Lance from '@lancedb/lancedb';
import type { Table } from '@lancedb/lancedb';
import { ServiceError } from '../../core/errors.ts';
import { isFull } from '../disk/free-space.ts';
import { storageVersion } from './columns.ts';
import { testHardLinks } from './hard-links.ts';

/** Where a table lies. */
export interface TablePlace {
  /** Absolute path of LanceDB's folder. */
  readonly folder: string;
  readonly table: string;
}

/** LanceDB takes a sixth of a second to load, so only what searches or writes chunks loads it. */
export async function loadLance(): Promise<typeof Lance> {
  return import('@lancedb/lancedb');
}

/** Opens a table so that every read sees what other processes have committed. Errors: `index_incompatible`, `store_failed`. */
export async function openTable({ folder, table }: TablePlace): Promise<Table> {
  if (!existsSync(join(folder, `${table}.lance`))) {
    const message = `The chunks of this index are missing from ${folder}. Run \`lorekeep index --rebuild\`.`;
    throw new ServiceError('index_incompatible', message);
  }
  return translated(`open ${folder}`, { folder }, async () => {
    const lancedb = await loadLance();
    const connection = await lancedb.connect(folder, { readConsistencyInterval: 0 });
    return connection.openTable(table);
  });
}

/**
 * Creates an empty table with its full-text index, and returns its version; `dimension` null leaves the vectors out.
 * Errors: `store_failed`.
 */
export async function createTable({ folder, table }: TablePlace, dimension: number | null): Promise<number> {
  testHardLinks(folder);
  return translated(`create ${folder}`, { folder }, async () => {
    const lancedb = await loadLance();
    const { chunkSchema } = await import('./schema.ts');
    const connection = await lancedb.connect(folder);
    const created = await connection.createEmptyTable(table, chunkSchema(dimension), {
      storageOptions: { new_table_data_storage_version: storageVersion },
    });
    await indexTerms(created);
    const version = await created.version();
    created.close();
    connection.close();
    return version;
  });
}

/**
 * Makes the full-text index anew. An index on an empty table fixes how rows that are not yet indexed are read, so that
 * they are found as they will be later.
 */
export async function indexTerms(table: Table): Promise<void> {
  const lancedb = await loadLance();
  const config = lancedb.Index.fts({
    // `terms` is ready to be indexed: its words are folded, split and stemmed by src/text.
    baseTokenizer: 'whitespace',
    lowercase: false,
    stem: false,
    removeStopWords: false,
    asciiFolding: false,
    maxTokenLength: 200,
    // Positions would double the index, and their merging has failed in the past.
    withPosition: false,
  });
  await table.createIndex('terms', { config, replace: true });
}

/** Runs a LanceDB call; whatever it throws becomes `store_failed`. LanceDB has no error codes to tell more. */
export async function translated<T>(
  doing: string,
  { folder }: Pick<TablePlace, 'folder'>,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    if (isFull(folder)) {
      const message = `The chunk store could not ${doing}, as the disk is full. Free some space and try again.`;
      throw new ServiceError('store_failed', message, { cause: error });
    }
    const [firstLine] = (error instanceof Error ? error.message : String(error)).split('\n');
    const message = `The chunk store could not ${doing}: ${firstLine} If this stays, run \`lorekeep index --rebuild\`.`;
    throw new ServiceError('store_failed', message, { cause: error });
  }
}

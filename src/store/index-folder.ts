import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogueReader, CatalogueWriter } from '../core/catalogue.ts';
import type { EmbedderIdentity } from '../core/embedding.ts';
import { ServiceError } from '../core/errors.ts';
import type { VectorStore } from '../core/vector-store.ts';
import { SqliteCatalogueReader } from './catalogue/reader.ts';
import { createCatalogue, openCatalogue } from './catalogue/schema.ts';
import { SqliteCatalogueWriter } from './catalogue/writer.ts';
import { FolderSync, syncPath } from './folder-sync.ts';
import { identityMatches, indexIdentity } from './index-identity.ts';
import { currentNumber, forgetCurrent, removeOthers, setCurrent } from './index-place.ts';
import { doubtfulVersions, noteDurable, takeBack } from './lance/durable-version.ts';
import { createTable } from './lance/table.ts';
import { LanceStore } from './lance-store.ts';
import { makePrivate } from './disk/private-folder.ts';
import { OverlayStore } from './overlay/overlay-store.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { lockForWriting, type WriterLock, type WriterPurpose } from './writer-lock.ts';

/** An index open for reading. */
export interface ReadableIndex {
  readonly catalogue: CatalogueReader;
  readonly store: VectorStore;
  /**
   * False once a rebuild has put another index in its place or it was removed, and where it was opened on a full disk and
   * has been written since: then open it anew.
   */
  isCurrent(): boolean;
  close(): Promise<void>;
}

/** An index open for writing; no other process can write it until `close`. Its store is what lies on the disk, without what is pending. */
export interface WritableIndex extends ReadableIndex {
  readonly writer: CatalogueWriter;
}

/** A new index beside the old one. `close` without `publish` throws it away. */
export interface IndexRebuild extends WritableIndex {
  /** Puts it in the old one's place, and deletes that, if all that is recorded is in the store; else `store_failed`. */
  publish(): Promise<void>;
}

const catalogueName = 'catalogue.sqlite';
const tablePlaceOf = (folder: string, number: number) => ({
  folder: join(folder, String(number), 'chunks'),
  table: 'chunks',
});

/** Opens an index for reading; what is recorded is found, in the store or not. Errors: `not_indexed`, `index_incompatible`, `store_failed`. */
export function openIndex(folder: string): ReadableIndex {
  const number = currentNumber(folder);
  if (number === null)
    throw new ServiceError('not_indexed', 'There is no index yet. Run `lorekeep index` in the project first.');
  if (doubtfulVersions(tablePlaceOf(folder, number)).length > 0) settleAlone(folder, number);
  const index = readable(folder, number, openPlace(folder, number, true));
  return { ...index, store: new OverlayStore(index) };
}

/**
 * Opens an index for writing, making an empty one where there is none.
 * Errors: `index_busy`, `index_incompatible` when it was made otherwise (then `rebuildIndex`), `store_failed`.
 */
export async function openIndexForWriting(
  folder: string,
  embedder: EmbedderIdentity | null,
  purpose: WriterPurpose = 'index',
): Promise<WritableIndex> {
  return locked(folder, purpose, async (lock) => {
    const number = currentNumber(folder) ?? (await createFirst(folder, embedder));
    // What a rebuild has left behind that was killed.
    removeOthers(folder, number);
    settle(folder, number);
    const database = openPlace(folder, number, false);
    const index = writable(readable(folder, number, database), database, lock);
    try {
      requireIdentity(index.catalogue, embedder);
      return index;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Begins an index beside the present one, which stays in use until `publish`. Errors: `index_busy`, `store_failed`. */
export async function rebuildIndex(
  folder: string,
  embedder: EmbedderIdentity | null,
  purpose: WriterPurpose = 'index',
): Promise<IndexRebuild> {
  return locked(folder, purpose, async (lock) => {
    const number = await createPlace(folder, embedder);
    const database = openPlace(folder, number, false);
    const index = writable(readable(folder, number, database), database, lock);
    const publish = async (): Promise<void> => {
      await requireComplete(index);
      await setCurrent(folder, number);
      removeOthers(folder, number);
    };
    const close = async (): Promise<void> => {
      if (currentNumber(folder) !== number) rmSync(join(folder, String(number)), { recursive: true, force: true });
      await index.close();
    };
    return { ...index, publish, close };
  });
}

/** Deletes an index and its folder. Errors: `index_busy` while a process writes it. */
export async function deleteIndex(folder: string): Promise<void> {
  await locked(folder, 'index', async (lock) => {
    // The pointer goes first: from then on there is no index, however far the rest comes.
    forgetCurrent(folder);
    rmSync(folder, { recursive: true, force: true });
    lock.release();
  });
}

async function locked<T>(folder: string, purpose: WriterPurpose, action: (lock: WriterLock) => Promise<T>): Promise<T> {
  makePrivate(folder);
  const lock = lockForWriting(folder, purpose);
  try {
    return await action(lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function readable(folder: string, number: number, database: SqliteDatabase): ReadableIndex {
  const catalogue = new SqliteCatalogueReader(database);
  const dimension = catalogue.identity()?.embedder?.dimension ?? null;
  const store = new LanceStore({ ...tablePlaceOf(folder, number), dimension });
  return {
    catalogue,
    store,
    isCurrent: () => currentNumber(folder) === number && !database.isOutdated,
    close: async () => {
      await store.close();
      database.close();
    },
  };
}

/** Takes back what a stop of the machine may have left half written; call it with the writer's lock. */
function settle(folder: string, number: number): void {
  const table = tablePlaceOf(folder, number);
  const doubtful = doubtfulVersions(table);
  if (doubtful.length > 0) takeBack(table, doubtful);
}

/** As `settle`, for a reader. Whoever holds the lock has done it before. */
function settleAlone(folder: string, number: number): void {
  let lock: WriterLock;
  try {
    lock = lockForWriting(folder);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'index_busy') return;
    throw error;
  }
  try {
    settle(folder, number);
  } finally {
    lock.release();
  }
}

function writable(index: ReadableIndex, database: SqliteDatabase, lock: WriterLock): WritableIndex {
  const close = async (): Promise<void> => {
    try {
      await index.close();
    } finally {
      lock.release();
    }
  };
  return { ...index, writer: new SqliteCatalogueWriter(database), close };
}

function openPlace(folder: string, number: number, readOnly: boolean): SqliteDatabase {
  const place = join(folder, String(number));
  if (existsSync(join(place, catalogueName))) return openCatalogue(join(place, catalogueName), readOnly);
  throw new ServiceError(
    'index_incompatible',
    `The index in ${place} is incomplete. Run \`lorekeep index --rebuild\`.`,
  );
}

/** Nothing refers to an unfinished first index, so the next attempt starts over. */
async function createFirst(folder: string, embedder: EmbedderIdentity | null): Promise<number> {
  const number = await createPlace(folder, embedder);
  await setCurrent(folder, number);
  return number;
}

async function createPlace(folder: string, embedder: EmbedderIdentity | null): Promise<number> {
  const current = currentNumber(folder);
  removeOthers(folder, current);
  const number = (current ?? 0) + 1;
  const place = join(folder, String(number));
  const table = tablePlaceOf(folder, number);
  makePrivate(table.folder);
  const version = await createTable(table, embedder?.dimension ?? null);
  await new FolderSync(table.folder).sync();
  noteDurable(table, version);
  const database = createCatalogue(join(place, catalogueName));
  new SqliteCatalogueWriter(database).setIdentity(indexIdentity(embedder));
  database.close();
  await syncPath(place);
  return number;
}

function requireIdentity(catalogue: CatalogueReader, embedder: EmbedderIdentity | null): void {
  const made = catalogue.identity();
  if (made !== null && identityMatches(made, indexIdentity(embedder))) return;
  const by = made?.embedder ? `the embedder ${made.embedder.model}` : 'no embedder';
  const now = embedder ? `${embedder.model} with other settings or weights` : 'none';
  const message = `This index was made with ${by}, now it would be ${now}. Run \`lorekeep index --rebuild\`.`;
  throw new ServiceError('index_incompatible', message);
}

/** Checks that the store holds just what the catalogue says it does. */
async function requireComplete({ catalogue, writer, store }: WritableIndex): Promise<void> {
  const counts = await store.inventory();
  const rows = new Map(counts.map(({ file, generation, rows: count }) => [`${file} ${generation}`, count]));
  const files = [...writer.files().values()];
  const wrong = files.filter(({ file, generation, chunks }) => (rows.get(`${file} ${generation}`) ?? 0) !== chunks);
  if (catalogue.totals().pending === 0 && wrong.length === 0) return;
  const message = 'The new index is not complete; the old one stays in use. Run `lorekeep index --rebuild` again.';
  throw new ServiceError('store_failed', message);
}

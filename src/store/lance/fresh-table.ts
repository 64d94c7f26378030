import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Table } from '@lancedb/lancedb';
import { ServiceError } from '../../core/errors.ts';
import { openTable, type TablePlace } from './table.ts';

interface OpenTable {
  readonly table: Promise<Table>;
  /** Parts of the full-text index that were there while it was open: it may hold any of them. */
  readonly parts: Set<string>;
  /** Uses that go on. */
  readonly uses: Set<Promise<unknown>>;
  /** Somebody waits for its uses to close it. */
  isClosing: boolean;
}

/**
 * A table that is opened when it is first used, and anew when parts of its full-text index have been deleted. LanceDB keeps what it has read
 * of an index for as long as the table is open, and the files, too: each optimization, by whichever process, would leave memory
 * and disk taken by an index that nobody reads any more.
 */
export class FreshTable {
  readonly #place: TablePlace;
  #open: OpenTable | null = null;
  #isClosed = false;

  constructor(place: TablePlace) {
    this.#place = place;
  }

  /** Runs an action with the table, which stays open for as long as it takes. Errors: those of opening it, of the action, and `store_failed` once it is closed. */
  async use<T>(action: (table: Table) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new ServiceError('store_failed', 'The index was closed. Open it again.');
    this.#renew();
    this.#open ??= { table: openTable(this.#place), parts: new Set(this.#parts()), uses: new Set(), isClosing: false };
    const open = this.#open;
    const use = this.#table(open).then(action);
    open.uses.add(use);
    try {
      return await use;
    } finally {
      open.uses.delete(use);
      if (this.#open !== open) closeUnused(open);
    }
  }

  /** Lets go of an index that is gone, without waiting for the next use. */
  letGo(): void {
    this.#renew();
  }

  /** Waits for what uses it, and closes it for good. LanceDB refuses to close a table that is being read. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    open.isClosing = true;
    await Promise.allSettled(open.uses);
    await open.table.then(closeTable, () => undefined);
  }

  async #table(open: OpenTable): Promise<Table> {
    try {
      return await open.table;
    } catch (error) {
      if (this.#open === open) this.#open = null;
      throw error;
    }
  }

  #renew(): void {
    const open = this.#open;
    if (open === null) return;
    const now = this.#parts();
    if ([...open.parts].every((part) => now.includes(part))) {
      for (const part of now) open.parts.add(part);
    } else {
      this.#open = null;
      closeUnused(open);
    }
  }

  /** There are only a few, and looking takes some microseconds. */
  #parts(): readonly string[] {
    try {
      return readdirSync(join(this.#place.folder, `${this.#place.table}.lance`, '_indices'));
    } catch {
      // A table that is gone, or whose index is being made.
      return [];
    }
  }
}

function closeUnused({ table, uses, isClosing }: OpenTable): void {
  if (uses.size > 0 || isClosing) return;
  table.then(closeTable, () => undefined);
}

/** A failed read may leave a query that nobody waits for: LanceDB refuses to close beside it, and lets go when it is collected. */
function closeTable(table: Table): void {
  try {
    table.close();
  } catch {
    // See above.
  }
}

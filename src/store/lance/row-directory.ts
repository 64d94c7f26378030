import type { Table } from '@lancedb/lancedb';
import type { Table as ArrowTable } from 'apache-arrow';
import { wholeTable } from './columns.ts';
import { IdIndex, placeIn } from './id-index.ts';
import { idsOf } from './rows.ts';

/** The upper half of an address is the number of a fragment, which is never given twice. */
const fragmentSize = 2 ** 32;

/**
 * Where the chunks of one version of the table lie. LanceDB reads rows by address in a millisecond, where looking for ids takes it
 * ten. An address holds until the table is compacted; then it points nowhere, never at another chunk.
 */
export class RowDirectory {
  readonly version: number;
  /** All chunks, in the order of the table. */
  readonly ids: Int32Array;
  readonly #addresses: Float64Array;
  /** First and last place of each fragment among the chunks. */
  readonly #fragments: ReadonlyMap<number, { readonly first: number; last: number }>;
  readonly #index: IdIndex;

  constructor(version: number, rows: { readonly ids: Int32Array; readonly addresses: Float64Array }) {
    this.version = version;
    this.ids = rows.ids;
    this.#addresses = rows.addresses;
    this.#fragments = fragmentsOf(rows.addresses);
    this.#index = new IdIndex(rows.ids);
  }

  /** The chunk at an address, undefined where there is none. */
  idAt(address: number): number | undefined {
    const fragment = this.#fragments.get(Math.floor(address / fragmentSize));
    if (fragment === undefined) return undefined;
    const place = placeIn(this.#addresses, address, fragment);
    return place === undefined ? undefined : this.ids[place];
  }

  /** The address of a chunk, undefined where there is none. */
  addressOf(id: number): number | undefined {
    const place = this.#index.placeOf(id);
    return place === undefined ? undefined : this.#addresses[place];
  }
}

/** Reads the directory of a table. `version` is the table's before it is read: it may hold more than that, which does no harm. */
export async function readDirectory(table: Table, version: number): Promise<RowDirectory> {
  const found = await table.query().select(['id']).withRowId().toArrow(wholeTable);
  return new RowDirectory(version, { ids: idsOf(found), addresses: addressesOf(found) });
}

/** The addresses of the rows of a query result. */
export function addressesOf(table: ArrowTable): Float64Array {
  const addresses = new Float64Array(table.numRows);
  let at = 0;
  for (const batch of table.batches) {
    const values: unknown = batch.getChild('_rowid')?.toArray();
    // A hundred thousand big integers would take longer to make than all the rest.
    if (values instanceof BigUint64Array) {
      const halves = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
      for (let i = 0; i < values.length; i++) addresses[at + i] = halves[2 * i]! + halves[2 * i + 1]! * fragmentSize;
    }
    at += batch.numRows;
  }
  return addresses;
}

function fragmentsOf(addresses: Float64Array): Map<number, { first: number; last: number }> {
  const fragments = new Map<number, { first: number; last: number }>();
  let current: { first: number; last: number } | null = null;
  let end = 0;
  for (let place = 0; place < addresses.length; place++) {
    const address = addresses[place]!;
    if (current === null || address >= end || address < end - fragmentSize) {
      const fragment = Math.floor(address / fragmentSize);
      current = { first: place, last: place };
      end = (fragment + 1) * fragmentSize;
      fragments.set(fragment, current);
    }
    current.last = place;
  }
  return fragments;
}

import type { Table } from '@lancedb/lancedb';
import type { Table as ArrowTable } from 'apache-arrow';
import { wholeTable } from './columns.ts';

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
  /** Places by id; null while ids ascend, as they do unless a batch was written twice. */
  readonly #places: ReadonlyMap<number, number> | null;

  constructor(version: number, rows: { readonly ids: Int32Array; readonly addresses: Float64Array }) {
    this.version = version;
    this.ids = rows.ids;
    this.#addresses = rows.addresses;
    this.#fragments = fragmentsOf(rows.addresses);
    this.#places = ascends(rows.ids) ? null : new Map(Array.from(rows.ids, (id, place) => [id, place]));
  }

  /** The chunk at an address, undefined where there is none. */
  idAt(address: number): number | undefined {
    const fragment = this.#fragments.get(Math.floor(address / fragmentSize));
    if (fragment === undefined) return undefined;
    const place = search(this.#addresses, address, fragment.first, fragment.last);
    return place === undefined ? undefined : this.ids[place];
  }

  /** The address of a chunk, undefined where there is none. */
  addressOf(id: number): number | undefined {
    const place = this.#places === null ? search(this.ids, id, 0, this.ids.length - 1) : this.#places.get(id);
    return place === undefined ? undefined : this.#addresses[place];
  }
}

/** Reads the directory of a table. `version` is the table's before it is read: it may hold more than that, which does no harm. */
export async function readDirectory(table: Table, version: number): Promise<RowDirectory> {
  const found = await table.query().select(['id']).withRowId().toArrow(wholeTable);
  const ids = new Int32Array(found.numRows);
  let at = 0;
  for (const batch of found.batches) {
    const values: unknown = batch.getChild('id')?.toArray();
    if (values instanceof Int32Array) ids.set(values, at);
    at += batch.numRows;
  }
  return new RowDirectory(version, { ids, addresses: addressesOf(found) });
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

function ascends(values: Int32Array): boolean {
  for (let i = 1; i < values.length; i++) if (values[i]! <= values[i - 1]!) return false;
  return true;
}

function search(values: Int32Array | Float64Array, value: number, first: number, last: number): number | undefined {
  let low = first;
  let high = last;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < value) low = middle + 1;
    else if (values[middle]! > value) high = middle - 1;
    else return middle;
  }
  return undefined;
}

import {
  type Data,
  Field,
  FixedSizeList,
  Int32,
  Int8,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Utf8,
} from 'apache-arrow';
import type { ChunkRecord } from '../../core/vector-store.ts';
import { toInt8 } from '../../core/packing/int8.ts';
import { compressedColumns, numberColumns, textColumns } from './columns.ts';

/**
 * Many values to a block, each block compressed: 0.27 of the source's size for text, against 0.48 with a frame for
 * each value, and reading ten random texts takes no longer.
 */
const compressed = new Map([
  ['lance-encoding:compression', 'zstd'],
  ['lance-encoding:structural-encoding', 'miniblock'],
  ['lance-encoding:minichunk-size', '32768'],
]);

/** Columns of the chunk table; `dimension` null leaves the vectors out. */
export function chunkSchema(dimension: number | null): Schema {
  const fields: Field[] = [
    ...numberColumns.map((name) => new Field(name, new Int32(), false)),
    ...textColumns.map((name) => new Field(name, new Utf8(), false, compressedColumns.has(name) ? compressed : null)),
  ];
  if (dimension !== null) fields.push(new Field('vector', vectorType(dimension), true));
  return new Schema(fields);
}

/** Records as an Arrow table; building the columns here is several times faster than LanceDB's own conversion. */
export function recordTable(records: readonly ChunkRecord[], dimension: number | null): Table {
  const schema = chunkSchema(dimension);
  const children: Data[] = [
    ...numberColumns.map((name) => numberData(records.map((record) => record[name]))),
    ...textColumns.map((name) => textData(records.map((record) => record[name]))),
  ];
  if (dimension !== null) children.push(vectorData(records, dimension));
  const struct = makeData({ type: new Struct(schema.fields), length: records.length, nullCount: 0, children });
  return new Table(schema, [new RecordBatch(schema, struct)]);
}

function vectorType(dimension: number): FixedSizeList<Int8> {
  return new FixedSizeList(dimension, new Field('item', new Int8(), true));
}

function numberData(values: readonly number[]): Data<Int32> {
  return makeData({ type: new Int32(), length: values.length, nullCount: 0, data: Int32Array.from(values) });
}

function textData(values: readonly string[]): Data<Utf8> {
  const encoded = values.map((value) => Buffer.from(value));
  const valueOffsets = new Int32Array(values.length + 1);
  for (const [i, bytes] of encoded.entries()) valueOffsets[i + 1] = (valueOffsets[i] ?? 0) + bytes.length;
  return makeData({
    type: new Utf8(),
    length: values.length,
    nullCount: 0,
    valueOffsets,
    data: Buffer.concat(encoded),
  });
}

/** Records without a vector get null: no vector search finds them. */
function vectorData(records: readonly ChunkRecord[], dimension: number): Data<FixedSizeList<Int8>> {
  const bytes = new Int8Array(records.length * dimension);
  const nullBitmap = new Uint8Array((records.length + 7) >> 3);
  let nullCount = 0;
  for (const [i, { vector }] of records.entries()) {
    if (vector === undefined) {
      nullCount++;
      continue;
    }
    bytes.set(toInt8(vector), i * dimension);
    nullBitmap[i >> 3] = (nullBitmap[i >> 3] ?? 0) | (1 << (i & 7));
  }
  const child = makeData({ type: new Int8(), length: bytes.length, nullCount: 0, data: bytes });
  return makeData({ type: vectorType(dimension), length: records.length, nullCount, nullBitmap, child });
}

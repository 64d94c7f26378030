/** The part of the platform that is used here; Node's types leave it out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly score: ScoreRows } };
  readonly Memory: new (size: { readonly initial: number }) => GrowingMemory;
};

/** Memory that vectors and scores lie in. `buffer` is another one after `grow`. */
export interface GrowingMemory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB. Throws where there is no more memory. */
  grow(pages: number): number;
}

/**
 * Writes one 32-bit float a row from `scores` on: the dot product of the row with the query, divided by the row's length; NaN for a
 * row of zeros. All are byte offsets. A row takes `stride` bytes, one signed byte a number, from `rows` up to `end`; the query takes
 * twice as many, a signed 16-bit integer a number, none beyond ±4095 (see `maxQueryValue`). At least one row.
 */
// oxlint-disable-next-line eslint/max-params -- integers are all that it can be given
type ScoreRows = (rows: number, end: number, query: number, scores: number, stride: number) => void;

/** Rows are read in steps of so many bytes, so their size is a multiple of it. */
export const stepBytes = 16;
/** Largest number of a query: 4,096 products with a signed byte still add up within 32 bits. */
export const maxQueryValue = 4095;

/** Memory of one page and the function that scores what lies in it. */
export function createScorer(): { readonly memory: GrowingMemory; readonly score: ScoreRows } {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()), { m: { m: memory } });
  return { memory, score: instance.exports.score };
}

// Sixteen products in a few instructions, where JavaScript takes each number by itself: fifteen times as fast. So short a function is
// written here by hand, instruction by instruction, rather than kept as a binary that nobody can read. Numbers are from the core
// specification of WebAssembly 2.0, chapter 5 (https://webassembly.github.io/spec/core/binary/).
type Code = number | readonly Code[];

const i32 = 0x7f;
const v128 = 0x7b;
// Parameters, then the variables of the function, by number.
const [rows, end, query, scores, stride] = [0, 1, 2, 3, 4];
const [rowEnd, at, row, low, high, dot, square] = [5, 6, 7, 8, 9, 10, 11];
const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const constant = (value: number): Code => [0x41, value];
const add = 0x6a;
const isBelow = 0x49;
const vectorZero = [0xfd, 0x0c, Array<number>(16).fill(0)];
const vectorLoad = (offset: number): Code => [0xfd, 0x00, 0, offset];
const widenLow = [0xfd, 0x87, 1];
const widenHigh = [0xfd, 0x88, 1];
const dotPairs = [0xfd, 0xba, 1];
const addLanes = [0xfd, 0xae, 1];
const lane = (index: number): Code => [0xfd, 0x1b, index];
const toFloat = 0xb2;
const root = 0x91;
const divide = 0x95;
const storeFloat = [0x38, 2, 0];
const loop = [0x03, 0x40];
const againIf = [0x0d, 0];
const close = 0x0b;

const sumOfLanes = (local: number): Code => [
  [get(local), lane(0), get(local), lane(1), add],
  [get(local), lane(2), get(local), lane(3), add, add],
];
const advance = (local: number, by: Code): Code => [get(local), by, add, set(local)];
/** Adds the products of eight numbers of the row with eight others to a sum of four lanes. */
const addProducts = (sum: number, half: number, other: Code): Code => [
  get(sum),
  [get(half), other, dotPairs],
  addLanes,
  set(sum),
];

const scoreBody: Code = [
  loop,
  [vectorZero, set(dot), vectorZero, set(square)],
  [get(query), set(at)],
  [get(rows), get(stride), add, set(rowEnd)],
  loop,
  [get(rows), vectorLoad(0), set(row)],
  [get(row), widenLow, set(low), get(row), widenHigh, set(high)],
  addProducts(dot, low, [get(at), vectorLoad(0)]),
  addProducts(dot, high, [get(at), vectorLoad(16)]),
  addProducts(square, low, get(low)),
  addProducts(square, high, get(high)),
  advance(at, constant(2 * stepBytes)),
  advance(rows, constant(stepBytes)),
  [get(rows), get(rowEnd), isBelow, againIf],
  close,
  [get(scores), sumOfLanes(dot), toFloat, sumOfLanes(square), toFloat, root, divide, storeFloat],
  advance(scores, constant(4)),
  [get(rows), get(end), isBelow, againIf],
  close,
];

function moduleBytes(): Uint8Array {
  const name = (text: string): Code => [text.length, ...Buffer.from(text)];
  // Two more integers than the parameters, then five vectors.
  const code = bytesOf([2, 2, i32, 5, v128, scoreBody, close]);
  return Uint8Array.from(
    bytesOf([
      [0, ...Buffer.from('asm'), 1, 0, 0, 0],
      section(1, [1, 0x60, 5, i32, i32, i32, i32, i32, 0]),
      section(2, [1, name('m'), name('m'), 2, 0, 1]),
      section(3, [1, 0]),
      section(7, [1, name('score'), 0, 0]),
      section(10, [1, length(code), code]),
    ]),
  );
}

function section(id: number, content: Code): Code {
  const bytes = bytesOf(content);
  return [id, length(bytes), bytes];
}

function bytesOf(code: Code): readonly number[] {
  return typeof code === 'number' ? [code] : code.flatMap(bytesOf);
}

/** Always two bytes of LEB128, enough for what is written here. */
function length({ length: bytes }: readonly number[]): Code {
  return [(bytes & 0x7f) | 0x80, bytes >> 7];
}

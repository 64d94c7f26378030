import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

/** Bytes at the head of a file that hold its metadata, with room to spare for a small model. */
const headBytes = 16 * 2 ** 20;

/**
 * Copies a GGUF file with another `tokenizer.ggml.pre`. The weights are left out (a hole of the same length): a program that loads the
 * vocabulary only never reads them.
 */
export function copyWithPreTokenizer(from: string, to: string, name: string): void {
  const source = openSync(from, 'r');
  const bytes = fstatSync(source).size;
  const head = Buffer.alloc(Math.min(headBytes, bytes));
  readSync(source, head, 0, head.length, 0);
  closeSync(source);
  const { value, end } = findPreTokenizer(head);
  const text = Buffer.from(name);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const changed = Buffer.concat([head.subarray(0, value.start), length, text, head.subarray(value.end, end)]);
  const target = openSync(to, 'w');
  writeSync(target, changed);
  ftruncateSync(target, aligned(changed.length) + bytes - aligned(end));
  closeSync(target);
}

/** GGUF's default, which the test's model has. */
function aligned(bytes: number): number {
  return Math.ceil(bytes / 32) * 32;
}

/** Where the value lies, and where the list of tensors ends. */
function findPreTokenizer(head: Buffer): { readonly value: { start: number; end: number }; readonly end: number } {
  const reader = ggufReader(head);
  const tensors = reader.count(8);
  const entries = reader.count(16);
  reader.skip(24);
  let value = { start: 0, end: 0 };
  for (let i = 0; i < entries; i++) {
    const key = reader.text();
    const type = reader.int();
    const start = reader.at();
    reader.value(type);
    if (key === 'tokenizer.ggml.pre') value = { start, end: reader.at() };
  }
  for (let i = 0; i < tensors; i++) {
    reader.text();
    const dimensions = reader.int();
    reader.skip(dimensions * 8 + 4 + 8);
  }
  if (value.end === 0) throw new Error('the file names no pre-tokenizer');
  return { value, end: reader.at() };
}

const valueBytes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
const textType = 8;
const listType = 9;

function ggufReader(head: Buffer) {
  let at = 0;
  const count = (from: number): number => Number(head.readBigUInt64LE(from));
  const skip = (bytes: number): void => {
    at += bytes;
  };
  const int = (): number => {
    at += 4;
    return head.readUInt32LE(at - 4);
  };
  const text = (): string => {
    const bytes = count(at);
    at += 8 + bytes;
    return head.toString('utf8', at - bytes, at);
  };
  const value = (type: number): void => {
    if (type === textType) text();
    else if (type === listType) {
      const items = int();
      const length = count(at);
      at += 8;
      for (let i = 0; i < length; i++) value(items);
    } else at += valueBytes[type] ?? 0;
  };
  return { count, skip, int, text, value, at: () => at };
}

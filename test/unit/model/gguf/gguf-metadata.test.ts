import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseGgufMetadata } from '../../../../src/model/gguf/gguf-metadata.ts';

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
const entry = (key: string, type: number, value: Buffer): Buffer => Buffer.concat([text(key), u32(type), value]);
const texts = (values: readonly string[]): Buffer => Buffer.concat([u32(8), u64(values.length), ...values.map(text)]);
const file = (entries: readonly Buffer[], version = 3): Buffer =>
  Buffer.concat([Buffer.from('GGUF'), u32(version), u64(0), u64(entries.length), ...entries]);

const tokens = Array.from({ length: 1_100 }, (_, place) => (place === 1 ? 'é' : ''));
const small = file([
  entry('general.architecture', 8, text('llama')),
  entry('tokenizer.ggml.tokens', 9, texts(tokens)),
  entry('llama.attention.head_count_kv', 9, Buffer.concat([u32(4), u64(2), u32(4), u32(8)])),
  entry('tokenizer.ggml.scores', 9, Buffer.concat([u32(6), u64(1), Buffer.alloc(4)])),
  entry('llama.context_length', 4, u32(8_192)),
  entry('tokenizer.ggml.add_bos_token', 7, Buffer.from([1])),
  entry('__proto__', 8, text('x')),
]);

test('reads values by their keys, long lists only where they are wanted', () => {
  const without = parseGgufMetadata(small, false);
  expect({ ...without }).toEqual({
    'general.architecture': 'llama',
    'llama.attention.head_count_kv': [4, 8],
    'tokenizer.ggml.scores': [0],
    'llama.context_length': 8_192,
    'tokenizer.ggml.add_bos_token': true,
    ['__proto__']: 'x',
  });
  expect(parseGgufMetadata(small, true)).toMatchObject({
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.scores': [0],
    'llama.context_length': 8_192,
  });
});

test('other files, and other versions, are none of that kind', () => {
  expect(parseGgufMetadata(Buffer.from('GGML0000000000000000'), false)).toBeNull();
  expect(parseGgufMetadata(file([], 1), false)).toBeNull();
  expect(parseGgufMetadata(file([], 0x03000000), false)).toBeNull();
});

test('a file that is cut off anywhere, or spoilt, ends in a RangeError or in a value, at once', () => {
  const outcome = (bytes: Buffer, withLists: boolean): string => {
    try {
      parseGgufMetadata(bytes, withLists);
      return 'read';
    } catch (error) {
      return error instanceof RangeError ? 'cut off' : String(error);
    }
  };
  for (let length = 4; length < small.length; length += 7)
    expect(outcome(small.subarray(0, length), false)).toBe('cut off');
  const spoilt = fc.array(fc.tuple(fc.nat({ max: small.length - 1 }), fc.nat({ max: 255 })), { maxLength: 8 });
  fc.assert(
    fc.property(spoilt, fc.boolean(), (changes, withLists) => {
      const bytes = Buffer.from(small);
      for (const [at, value] of changes) bytes[at] = value;
      expect(['read', 'cut off']).toContain(outcome(bytes, withLists));
    }),
    { numRuns: 500 },
  );
});

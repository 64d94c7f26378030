import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  byteStringOfName,
  joinByteString,
  nameOfByteString,
  pathBytesOf,
  pathNameOf,
} from '../../../indexer/walk/path-name.ts';

describe('path names', () => {
  test.each([
    ['plain/name.ts', 'plain/name.ts'],
    ['with\nnewline', 'with\nnewline'],
    ['-rf', '-rf'],
    ['日本 "x"', '日本 "x"'],
    ['\\d', '\\d'],
    ['\\x4', '\\x4'],
    ['\\x41', '\\x5Cx41'],
    ['\\x5Cx41', '\\x5Cx5Cx41'],
    ['\\\\xff', '\\\\x5Cxff'],
    ['\ufeffmark', '\ufeffmark'],
  ])('UTF-8 name %j is written %j', (name, written) => {
    expect(pathNameOf(Buffer.from(name))).toBe(written);
    expect(pathBytesOf(written).toString()).toBe(name);
  });

  test.each([
    ['636166e9', 'caf\\xE9'],
    ['ff2ffe', '\\xFF/\\xFE'],
    ['c3', '\\xC3'],
    ['eda080', '\\xED\\xA0\\x80'],
    ['c0af', '\\xC0\\xAF'],
    ['e697a5e697', '日\\xE6\\x97'],
    ['5cff', '\\\\xFF'],
    ['5c783441ff', '\\x5Cx4A\\xFF'],
  ])('bytes %s are written %j', (hex, written) => {
    expect(pathNameOf(Buffer.from(hex, 'hex'))).toBe(written);
    expect(pathBytesOf(written).toString('hex')).toBe(hex);
  });

  test('any bytes come back', () => {
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x5c, 0x78, 0x34, 0x41, 0xc3, 0xa9));
    fc.assert(
      fc.property(fc.array(byte), (bytes) => {
        const given = Buffer.from(bytes);
        expect(pathBytesOf(pathNameOf(given))).toEqual(given);
        const byteString = given.toString('latin1');
        expect(byteStringOfName(nameOfByteString(byteString))).toBe(byteString);
      }),
    );
  });

  test('two different names are never written alike', () => {
    const byte = fc.constantFrom(0x5c, 0x78, 0x35, 0x43, 0xff);
    const bytes = fc.array(byte, { maxLength: 8 }).map((list) => Buffer.from(list));
    fc.assert(fc.property(bytes, bytes, (left, right) => left.equals(right) || pathNameOf(left) !== pathNameOf(right)));
  });

  test('a path for the file system is a string where it can be', () => {
    expect(joinByteString('/root', 'a/b.ts')).toBe('/root/a/b.ts');
    expect(joinByteString('/', 'a')).toBe('/a');
    expect(joinByteString('/röot', '')).toBe('/röot');
    expect(joinByteString('/röot', Buffer.from('é').toString('latin1'))).toBe('/röot/é');
    expect(joinByteString('/röot', 'caf\xe9')).toEqual(Buffer.concat([Buffer.from('/röot/caf'), Buffer.from([0xe9])]));
  });
});

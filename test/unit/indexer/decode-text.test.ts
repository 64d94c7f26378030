import { describe, expect, test } from 'vitest';
import { binaryFormat } from '../../../indexer/read/binary-content.ts';
import { type DecodedText, decodeText, unicodeFormOf } from '../../../indexer/decode/decode-text.ts';
import { lineTableOf } from '../../../indexer/decode/line-table.ts';
import { commentSamples } from '../../support/comment-samples.ts';
import { encodeLegacy } from '../../support/encode-legacy.ts';

function decode(bytes: Buffer): DecodedText {
  return decodeText(bytes, unicodeFormOf(bytes));
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const text = 'class Größe {}\r\n// 日本\r\n';

describe('Unicode', () => {
  const little = Buffer.from(text, 'utf16le');
  const big = Buffer.from(little).swap16();
  test.each([
    { name: 'UTF-8', bytes: Buffer.from(text), encoding: 'utf-8', isGuessed: false },
    { name: 'UTF-8 with mark', bytes: Buffer.from(`\ufeff${text}`), encoding: 'utf-8', isGuessed: false },
    { name: 'UTF-16LE with mark', bytes: Buffer.concat([hex('fffe'), little]), encoding: 'utf-16le', isGuessed: false },
    { name: 'UTF-16BE with mark', bytes: Buffer.concat([hex('feff'), big]), encoding: 'utf-16be', isGuessed: false },
    { name: 'UTF-16LE without', bytes: little, encoding: 'utf-16le', isGuessed: true },
    { name: 'UTF-16BE without', bytes: big, encoding: 'utf-16be', isGuessed: true },
  ])('$name', ({ bytes, encoding, isGuessed }) => {
    expect(binaryFormat(bytes, unicodeFormOf(bytes))).toBe('');
    expect(decode(bytes)).toEqual({ text, encoding, isGuessed, hasLosses: false });
  });

  test('plain ASCII and nothing at all are UTF-8', () => {
    expect(decode(Buffer.from('a\tb\n'))).toEqual({
      text: 'a\tb\n',
      encoding: 'utf-8',
      isGuessed: false,
      hasLosses: false,
    });
    expect(decode(Buffer.alloc(0)).text).toBe('');
  });

  test('a second mark is part of the text', () => {
    expect(decode(hex('efbbbfefbbbf61')).text).toBe('\ufeffa');
  });

  test('UTF-8 with a few broken bytes stays UTF-8, and says so', () => {
    const bytes = Buffer.concat([Buffer.from('// größer, älter, öfter, übler\n'), hex('ff'), Buffer.from('x')]);
    expect(decode(bytes)).toEqual({
      text: '// größer, älter, öfter, übler\n\ufffdx',
      encoding: 'utf-8',
      isGuessed: false,
      hasLosses: true,
    });
  });

  test('an odd byte at the end of UTF-16 is a loss', () => {
    expect(decode(Buffer.concat([hex('fffe'), Buffer.from('ab', 'utf16le'), hex('63')])).hasLosses).toBe(true);
  });
});

describe('encodings before Unicode, one short comment in a file', () => {
  const cases = commentSamples.flatMap(({ encodings, comments }) =>
    encodings.map((encoding) => ({ encoding, comments })),
  );
  /** Too little to tell: one Hungarian line could be Portuguese. */
  const allowedMistakes: Readonly<Record<string, number>> = { 'windows-1250': 1 };

  test.each(cases)('$encoding', ({ encoding, comments }) => {
    const sources = comments.map((comment) => `int f(int a) {\n  ${comment}\n  return a + 1;\n}\n`);
    const decoded = sources.map((source) => decode(encodeLegacy(source, encoding)));
    const mistakes = sources.filter((source, index) => decoded[index]?.text !== source);
    expect(mistakes.slice(allowedMistakes[encoding] ?? 0)).toEqual([]);
    expect(decoded.every((result) => result.isGuessed && !result.hasLosses)).toBe(true);
  });

  test.each(cases)('$encoding, all comments in one file with CRLF', ({ encoding, comments }) => {
    const source = comments.join('\r\nx = 1;\r\n');
    expect(decode(encodeLegacy(source, encoding))).toMatchObject({ text: source, encoding, isGuessed: true });
  });

  test('ISO-2022-JP, which is all ASCII', () => {
    const bytes = Buffer.concat([Buffer.from('// '), hex('1b2442467c4b5c'), hex('1b2842'), Buffer.from('\n')]);
    expect(decode(bytes)).toMatchObject({ text: '// 日本\n', encoding: 'iso-2022-jp', isGuessed: true });
  });
});

describe('what is no text', () => {
  test.each([
    ['PNG image', Buffer.from('\x89PNG\r\n', 'latin1')],
    ['PDF document', Buffer.from('%PDF-1.7 only ASCII follows')],
    ['zero bytes', Buffer.from('text\0text')],
    ['zero bytes', Buffer.concat([Buffer.from('x'.repeat(9000)), Buffer.alloc(2)])],
    ['control characters', Buffer.from('ab\x01\x02\x03\x04'.repeat(20))],
    ['', Buffer.from('a\x1b[31mred\x1b[0m\f\b')],
    ['', Buffer.concat([Buffer.from('x'.repeat(30_000)), Buffer.alloc(1)])],
    ['', Buffer.alloc(0)],
  ])('%j', (format, bytes) => {
    expect(binaryFormat(bytes, unicodeFormOf(bytes))).toBe(format);
  });
});

describe('the line table', () => {
  test.each([
    ['', [0]],
    ['a', [0]],
    ['a\n', [0, 2]],
    ['a\nb', [0, 2]],
    ['a\r\nb\r\n', [0, 3, 6]],
    ['a\rb\rc', [0, 2, 4]],
    ['a\rb\nc', [0, 4]],
    ['\n\n', [0, 1, 2]],
  ])('of %j', (lines, starts) => {
    expect([...lineTableOf(lines)]).toEqual(starts);
  });

  test('grows with the text', () => {
    expect(lineTableOf('\n'.repeat(1000))).toHaveLength(1001);
  });
});

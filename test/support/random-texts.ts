import fc from 'fast-check';

/** Where tokenizers differ: blanks of all kinds, line ends, contractions, scripts, digits, marks, joined emoji, control tokens. */
const telling = [
  [' ', '  ', '    ', '\n', '\n\n', '\r\n', '\t', '\t\t', '\v', '\u3000', '\u00A0', '\u2028', '\u0085', '\u200B'],
  ["'s", "'LL", "'Ve", "'", '"', '--', '==', '{', '}', '();', '/*', '*/', '…', '—', '、', '。', '€', '$', '`', '^'],
  [
    '你好',
    '世界快速排序',
    'かな',
    'カナ',
    '한국어',
    'é',
    'añoéd',
    'e\u0301',
    'ÀÉ',
    'ß',
    'ǅ',
    'ΑΒγ',
    'Привет',
    'ﬁ',
    'Ａ１！',
  ],
  ['123', '4567', '½', '²', '①', '٣', '٤٥', '👍', '👩‍👩‍👧', '|', '+', '<=', '\u{1D400}', '\u{20000}', '\u0000', '\uFEFF'],
  ['<|im_start|>', '<|im_end|>', '<|endoftext|>', '<file_sep>', 'HelloWorld', 'getHTTPResponse', 'FOO', 'x', '_id'],
  [
    'function foo(bar) {\n  return bar + 1;\n}\n',
    'if (a && b)',
    '    def x(self):\n',
    'SELECT * FROM t WHERE id = 10;',
  ],
].flat();

/** Texts that try a tokenizer, short ones made of pieces. */
export const hardText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...telling),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.string({ unit: 'binary-ascii', maxLength: 8 }),
    ),
    { maxLength: 25 },
  )
  .map((pieces) => pieces.join(''));

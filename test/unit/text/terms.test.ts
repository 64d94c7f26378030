import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldName } from '../../../src/text/fold-name.ts';
import { pathWords } from '../../../src/text/path-words.ts';
import { termsOf } from '../../support/terms-of.ts';
import { chunkTerms, tokenTerms } from '../../../src/text/terms.ts';
import { bigrams, isCjk, splitIdentifier, stem, tokensOf } from '../../../src/text/words.ts';

const terms = (text: string): string[] => termsOf({ text, path: '', name: '', context: [] }).split(' ');

describe('splitIdentifier', () => {
  it.each([
    ['parseHTTPRequest_v2', ['parse', 'http', 'request', 'v', 'v2']],
    ['SHOUTING_CASE', ['shouting', 'case']],
    ['oauth2Token', ['oauth', 'oauth2', 'token']],
    ['__init__', ['init']],
    ['größeBerechnen', ['größe', 'berechnen']],
    ['x', ['x']],
  ])('%s', (identifier, words) => {
    expect(splitIdentifier(identifier)).toEqual(words);
  });
});

describe('tokensOf', () => {
  it('keeps identifiers whole and sets Chinese apart from code', () => {
    expect(tokensOf('调用parseUrl函数')).toEqual(['调用', '函数', 'parseUrl']);
  });

  it('reads words outside ASCII', () => {
    expect(tokensOf('größe := naïve + é')).toEqual(['größe', 'naïve', 'é']);
  });
});

describe('tokenTerms', () => {
  it('gives the identifier, its words and their stems', () => {
    expect(tokenTerms('retryPolicies')).toEqual(['retrypolicies', 'retry', 'policies', 'retri', 'polici']);
  });

  it('gives bigrams for Chinese, Japanese and Korean', () => {
    expect(tokenTerms('用户登录')).toEqual(['用户', '户登', '登录']);
    expect(tokenTerms('税')).toEqual(['税']);
    expect(tokenTerms('データ')).toEqual(['デー', 'ータ']);
  });

  it('drops long numbers and endless tokens', () => {
    expect(tokenTerms('1234567')).toEqual([]);
    expect(tokenTerms('a'.repeat(500))).toEqual([]);
  });
});

describe('chunkTerms', () => {
  it('finds the same term for different forms of a word', () => {
    expect(terms('parsing')).toContain(stem('parsed'));
  });

  it('adds the words of the path, the name and the enclosing signatures', () => {
    const made = termsOf({
      text: 'return 1',
      path: 'src/billing/invoice-total.ts',
      name: 'grandTotal',
      context: ['class Invoice'],
    }).split(' ');
    expect(made).toEqual(expect.arrayContaining(['billing', 'invoice', 'grandtotal', 'grand', 'total', 'return']));
  });

  it('is empty for text without words', () => {
    expect(termsOf({ text: '{ }\n', path: '', name: '', context: [] })).toBe('');
  });

  it('gives each token its terms in the order of the text, then those of the surroundings', () => {
    const part = fc.constantFrom(
      'parseUrl',
      'parse_url',
      ' ',
      '(',
      '12',
      '123456',
      'größe',
      '调用函数',
      '—',
      '__',
      '𝒳',
      'x',
    );
    const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    const source = fc.record({ text, name: text, context: fc.array(text, { maxLength: 2 }), path: text });
    fc.assert(
      fc.property(source, (given) => {
        const around = [...given.context, given.name, given.name].flatMap(tokensOf);
        const words = pathWords(given.path);
        const tokens = [...tokensOf(given.text), ...around, ...words, ...words];
        expect(termsOf(given)).toBe(tokens.flatMap(tokenTerms).join(' '));
      }),
    );
  });

  it('parts the terms of the chunks of a file', () => {
    const chunks = ['one é', '{', 'two'].map((text) => ({ text: Buffer.from(text), name: '', context: [] }));
    const { bytes, lengths } = chunkTerms('', chunks);
    expect([Buffer.from(bytes).toString(), [...lengths]]).toEqual(['one étwo', [6, 0, 3]]);
  });
});

describe('pathWords', () => {
  it('splits folders and stem, without extension and repeats', () => {
    expect(pathWords('src/httpServer/HTTPServer.test.ts')).toEqual(['src', 'http', 'server', 'test']);
    expect(pathWords('.github/CODEOWNERS')).toEqual(['github', 'codeowners']);
    expect(pathWords('文档/用户.md')).toEqual(['文档', '用户']);
  });
});

describe('foldName', () => {
  it('makes spellings of one name equal', () => {
    expect(new Set(['FieldNaming', 'field_naming', 'field-naming', 'FIELD_NAMING'].map(foldName)).size).toBe(1);
  });
});

describe('isCjk and bigrams', () => {
  it('tells runs without spaces from words', () => {
    expect([isCjk('登录'), isCjk('login'), isCjk('한국어'), isCjk('login登录')]).toEqual([true, false, true, false]);
    expect(bigrams('한국어')).toEqual(['한국', '국어']);
  });
});

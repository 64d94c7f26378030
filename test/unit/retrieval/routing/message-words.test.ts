import { describe, expect, it } from 'vitest';
import { type KnownWords, messageGrams, messageWords } from '../../../../src/retrieval/routing/message-words.ts';
import { proseOf } from '../../../../src/retrieval/routing/pasted-code.ts';

const defined = new Set(['RateLimiter', 'refill', 'take_token', 'Courier']);
const known: KnownWords = {
  defines: (name) => defined.has(name),
  mentions: (word) => word === 'limiter' || word === 'redis',
  inPaths: (word) => word === 'redis',
  namesTogether: () => false,
};
const stands = (message: string): string[] => messageWords(proseOf(message), known).map((word) => word.stands);

describe('messageWords', () => {
  it.each([
    ['what does RateLimiter do', ['what', 'does', '<known>', 'do'].map(String)],
    ['explain `take_token`', ['explain', '<known>']],
    ['explain `a b`', ['explain', '<quoted>']],
    ['use RestTemplate', ['use', '<name>']],
    ['RateLimiter.refill', ['<known>']],
    ['summarise api/src/rate-limiter.ts', ['summarise', '<path>']],
    ['redis or kafka', ['<own-technology>', 'or', '<technology>']],
    ['ask the Courier and the Milkman', ['ask', 'the', '<known-type>', 'and', 'the', '<proper>']],
    ['in 42 steps?', ['in', '<number>', 'steps', '?']],
    ['用Go写', ['用', '<technology>', '写']],
    ['Courier 是谁', ['<known-type>', '是谁']],
    ['with --limiter and -q', ['with', '<own-flag>', 'and', '<flag>']],
    ['fix "the box are full"', ['fix', '<quotation>']],
    ["it's 'the box are full'", ["it's", '<quotation>']],
    ['explain "limiter"', ['explain', 'limiter']],
    ['why <code>?', ['why', 'code', '?']],
  ])('%s', (message, expected) => {
    const plain = new Set(['<own-word>', '<word>']);
    const words = messageWords(proseOf(message), known);
    expect(words.map((word) => (plain.has(word.stands) ? word.text : word.stands))).toEqual(expected);
  });

  it('tells words of the project from others', () => {
    expect(stands('limiter lobster')).toEqual(['<own-word>', '<word>']);
  });
});

describe('messageGrams', () => {
  it('has words as written, patterns of them, and Chinese by characters', () => {
    const grams = messageGrams(messageWords('where is RateLimiter 定义', known), new Set(['where', 'is']));
    expect([...grams]).toEqual(
      expect.arrayContaining([
        'where is <known>',
        't:^ where is',
        'c:^ where is <known>',
        'z:定义',
        'z^定义',
        '<zh> $',
      ]),
    );
  });

  it('puts classes in the place of words that are not everyday ones', () => {
    const grams = messageGrams(messageWords('where is lobster', known), new Set(['where', 'is']));
    expect(grams).toContain('t:where is <word>');
    expect(grams).not.toContain('t:where is lobster');
  });
});

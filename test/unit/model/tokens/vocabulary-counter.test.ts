import { describe, expect, it } from 'vitest';
import { vocabularyCounter } from '../../../../src/model/tokens/vocabulary-counter.ts';
import type { VocabularyCounter } from '../../../../src/model/tokens/vocabulary-counter.ts';

/** Letters, a few merges, a control token that a longer one contains. */
const bytePairs = {
  'tokenizer.ggml.model': 'gpt2',
  'tokenizer.ggml.pre': 'gpt-2',
  'tokenizer.ggml.tokens': ['a', 'b', 'c', 'Ġ', '<', '>', 'ab', 'Ġab', 'abc', 'ä', '<s>', '<s>ab'],
  'tokenizer.ggml.token_type': [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3],
  'tokenizer.ggml.merges': ['a b', 'Ġ ab', 'ab c'],
};

const sentencePieces = {
  'tokenizer.ggml.model': 'llama',
  'tokenizer.ggml.tokens': ['<unk>', '<s>', '</s>', 'a', 'b', '▁', 'ab', '▁a', 'b▁', 'ba'],
  'tokenizer.ggml.scores': [0, 0, 0, -10, -10, -10, -2, -1, -3, -4],
  'tokenizer.ggml.token_type': [2, 3, 3, 1, 1, 1, 1, 1, 1, 1],
};

describe('a model without a vocabulary that is known here', () => {
  it.each([
    ['nothing', {}],
    ['a show that is not verbose', { ...bytePairs, 'tokenizer.ggml.tokens': null }],
    ['empty lists', { ...bytePairs, 'tokenizer.ggml.tokens': [] }],
    ['no merges', { ...bytePairs, 'tokenizer.ggml.merges': null }],
    ['merges that are no texts', { ...bytePairs, 'tokenizer.ggml.merges': [1] }],
    ['no scores', { ...sentencePieces, 'tokenizer.ggml.scores': undefined }],
    ['too few scores', { ...sentencePieces, 'tokenizer.ggml.scores': [0] }],
    ['another kind', { ...bytePairs, 'tokenizer.ggml.model': 'rwkv' }],
  ])('gives no counter: %s', (_, modelInfo) => {
    expect(vocabularyCounter(modelInfo)).toBeNull();
  });

  it('says so when only the cutting of words is unknown', () => {
    expect(counterOf({ ...bytePairs, 'tokenizer.ggml.pre': 'of-tomorrow' }).isExact).toBe(false);
    expect(counterOf(bytePairs).isExact).toBe(true);
  });
});

describe('byte pairs', () => {
  it.each([
    ['', 0],
    ['a', 1],
    ['abc', 1],
    ['ab ab', 2],
    ['cab', 2],
    ['a b', 3],
    // ä is two bytes, and the letters of neither are tokens: the ä of this list stands for byte 0xE4.
    ['ä', 0],
    ['\u{D800}', 0],
  ])('%j has %i', (text, count) => {
    expect(counterOf(bytePairs).count(text)).toBe(count);
  });

  it('takes control tokens for one, the longest first', () => {
    expect(counterOf(bytePairs).count('<s>abc<s>a<s')).toBe(5);
  });

  it('takes a word that is a token for one where the model does', () => {
    const tokens = ['a', 'b', 'c', 'bc', 'abc'];
    const merges = ['b c'];
    const vocabulary = { ...bytePairs, 'tokenizer.ggml.tokens': tokens, 'tokenizer.ggml.merges': merges };
    expect(counterOf(vocabulary).count('abc')).toBe(2);
    expect(counterOf({ ...vocabulary, 'tokenizer.ggml.pre': 'llama-bpe' }).count('abc')).toBe(1);
  });

  it('knows what the server puts around a prompt', () => {
    expect(counterOf(bytePairs).addedTokens).toBe(0);
    expect(counterOf({ ...bytePairs, 'tokenizer.ggml.pre': 'llama-bpe' }).addedTokens).toBe(1);
    const both = { ...bytePairs, 'tokenizer.ggml.add_bos_token': true, 'tokenizer.ggml.add_eos_token': true };
    expect(counterOf(both).addedTokens).toBe(2);
  });
});

describe('sentence pieces', () => {
  it.each([
    ['', 0],
    ['a', 1],
    // ▁a joins before ab: its score is better.
    ['ab', 2],
    ['bab', 3],
    // A token that reaches over the end of a word is found: ▁ b▁ ▁ b.
    ['b  b', 4],
    // A line end is no token here, one byte; a joined emoji four.
    ['a\na', 3],
    ['👍', 5],
  ])('%j has %i', (text, count) => {
    expect(counterOf(sentencePieces).count(text)).toBe(count);
  });

  it('begins anew behind a control token', () => {
    expect(counterOf(sentencePieces).count('a</s>a')).toBe(3);
    expect(counterOf({ ...sentencePieces, 'tokenizer.ggml.add_space_prefix': false }).count('ab</s>ab')).toBe(3);
  });
});

describe('special tokens that contain each other', () => {
  const vocabulary = {
    ...sentencePieces,
    'tokenizer.ggml.add_space_prefix': false,
    'tokenizer.ggml.tokens': [...sentencePieces['tokenizer.ggml.tokens'], '\n', '\n\n'],
    'tokenizer.ggml.scores': [...sentencePieces['tokenizer.ggml.scores'], 0, 0],
    'tokenizer.ggml.token_type': [...sentencePieces['tokenizer.ggml.token_type'], 4, 4],
  };

  it('llama.cpp takes the longest first', () => {
    expect(counterOf(vocabulary).count('a\n\n\nb')).toBe(4);
  });

  it("Ollama's own engine takes the one that is listed first", () => {
    expect(counterOf({ ...vocabulary, 'general.architecture': 'gemma3' }).count('a\n\n\nb')).toBe(5);
  });
});

describe('a long text', () => {
  it('of one word, 210,000 letters, is joined in less than two seconds', () => {
    const counter = counterOf(bytePairs);
    const text = 'abc'.repeat(70_000);
    const start = process.cpuUsage();
    expect(counter.count(text)).toBe(70_000);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1_000).toBeLessThan(2_000);
  });
});

function counterOf(modelInfo: Readonly<Record<string, unknown>>): VocabularyCounter {
  const counter = vocabularyCounter(modelInfo);
  if (counter === null) throw new Error('no counter');
  return counter;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerReserve, evidenceBudget, packEvidence } from '../../../src/answer/context-window.ts';
import { hitOn } from '../../support/evidence.ts';

const plenty = 100_000;
const places = (hits: Parameters<typeof packEvidence>[0], budget = plenty): string[] =>
  packEvidence(hits, budget).map(({ number, path, startLine, endLine }) => `${number} ${path}:${startLine}-${endLine}`);

describe('evidenceBudget', () => {
  const options = { readingSeconds: 20, answerTokens: 800, promptTokens: 300 };
  const model = (contextTokens: number, promptTokensPerSecond: number | null) => ({
    contextTokens,
    promptTokensPerSecond,
  });

  it.each([
    ['what a measured model reads in the time', model(16_384, 200), 4_000],
    ['the least, for a slow model', model(16_384, 5), 1_000],
    ['a guess, for a model that was never measured', model(16_384, null), 1_500],
    ['what the context has room for, for a fast model', model(8_192, 5_000), 6_656],
    ['less than the least, for a tiny context', model(1_024, 5_000), 384],
    ['nothing, where the prompt alone fills the context', model(256, 100), 0],
  ])('is %s', (_case, info, tokens) => {
    expect(evidenceBudget(info, options)).toBe(tokens);
  });

  it('is the same for a question of a few more words', () => {
    const budgetFor = (promptTokens: number): number =>
      evidenceBudget(model(8_192, 5_000), { ...options, promptTokens });
    expect(budgetFor(340)).toBe(budgetFor(300));
    expect(budgetFor(300)).toBeLessThanOrEqual(8_192 - 800 - 300 - 64);
  });

  it('leaves three quarters of a small context to the prompt', () => {
    expect(answerReserve({ ...model(2_048, null) }, 800)).toBe(512);
    expect(answerReserve({ ...model(16_384, null) }, 800)).toBe(800);
  });
});

describe('packEvidence', () => {
  it('numbers evidence in reading order, whatever the ranks', () => {
    const hits = [
      hitOn('src/b.ts', [50, 60]),
      hitOn('src/a.ts', [20, 30]),
      hitOn('src/b.ts', [1, 9]),
      hitOn('README.md', [3, 4]),
    ];
    const expected = ['1 README.md:3-4', '2 src/a.ts:20-30', '3 src/b.ts:1-9', '4 src/b.ts:50-60'];
    expect(places(hits)).toEqual(expected);
    expect(places(hits.toReversed())).toEqual(expected);
  });

  it('puts files that were named first, and leaves the others in order', () => {
    const hits = [hitOn('a.ts', [1, 9]), hitOn('z.ts', [5, 9]), hitOn('b.ts', [1, 2]), hitOn('z.ts', [1, 3])];
    const packed = packEvidence(hits, plenty, ['z.ts']).map(({ path, startLine }) => `${path}:${startLine}`);
    expect(packed).toEqual(['z.ts:1', 'z.ts:5', 'a.ts:1', 'b.ts:1']);
  });

  it('joins spans that overlap or touch, and no others', () => {
    const hits = [
      hitOn('a.ts', [10, 20]),
      hitOn('a.ts', [21, 30]),
      hitOn('a.ts', [28, 35]),
      hitOn('a.ts', [37, 40]),
      hitOn('b.ts', [15, 25]),
    ];
    expect(places(hits)).toEqual(['1 a.ts:10-35', '2 a.ts:37-40', '3 b.ts:15-25']);
    const [joined] = packEvidence(hits, plenty);
    expect(joined?.text).toBe(hitOn('a.ts', [10, 35]).text);
  });

  it('joins spans that a later hit connects', () => {
    expect(places([hitOn('a.ts', [1, 5]), hitOn('a.ts', [9, 12]), hitOn('a.ts', [6, 8])])).toEqual(['1 a.ts:1-12']);
  });

  it('drops doubles and spans within others', () => {
    expect(places([hitOn('a.ts', [1, 20]), hitOn('a.ts', [1, 20]), hitOn('a.ts', [5, 8])])).toEqual(['1 a.ts:1-20']);
  });

  it('keeps the same lines of two projects apart', () => {
    expect(
      packEvidence([hitOn('a.ts', [1, 5]), hitOn('a.ts', [1, 5], { project: 'other' })], plenty).map(
        ({ project }) => project,
      ),
    ).toEqual(['other', 'shop']);
  });

  it('does not join pieces of one long line, whose text no line number tells apart', () => {
    const hits = [
      hitOn('a.ts', [3, 3], { text: 'const first = 1;' }),
      hitOn('a.ts', [3, 3], { text: 'const second = 2;' }),
    ];
    expect(packEvidence(hits, plenty).map(({ text }) => text)).toEqual(['const first = 1;', 'const second = 2;']);
  });

  it('does not count blank lines at the ends of a chunk, whose line numbers leave them out', () => {
    const [piece] = packEvidence(
      [hitOn('a.ts', [3, 4], { text: '\n  \nfirst\r\nsecond\n\n' }), hitOn('a.ts', [5, 5], { text: 'third' })],
      plenty,
    );
    expect(piece).toMatchObject({ text: 'first\nsecond\nthird', startLine: 3, endLine: 5 });
  });

  it('keeps only the enclosing signatures that joined spans share, and the names of both', () => {
    const hits = [
      hitOn('a.ts', [1, 2], { context: ['class A', 'one()'], name: 'one' }),
      hitOn('a.ts', [3, 4], { context: ['class A', 'two()'], name: 'two' }),
    ];
    expect(packEvidence(hits, plenty)).toMatchObject([{ context: ['class A'], names: ['one', 'two'] }]);
  });

  it('cuts the last piece at a line, and says so in its lines', () => {
    const [piece] = packEvidence([hitOn('a.ts', [101, 400])], 1_000);
    expect(piece?.startLine).toBe(101);
    expect(piece?.endLine).toBeGreaterThan(120);
    expect(piece?.endLine).toBeLessThan(400);
    expect(piece?.text).toBe(hitOn('a.ts', [101, piece?.endLine ?? 0]).text);
  });

  it('passes over a piece that does not fit when hardly anything of it would', () => {
    const hits = [hitOn('a.ts', [1, 60]), hitOn('b.ts', [1, 200]), hitOn('c.ts', [1, 3])];
    const [first] = packEvidence(hits.slice(0, 1), plenty);
    expect(places(hits, (first?.tokens ?? 0) + 100)).toEqual(['1 a.ts:1-60', '2 c.ts:1-3']);
  });

  it('gives nothing for no hits or no budget', () => {
    expect(packEvidence([], plenty)).toEqual([]);
    expect(packEvidence([hitOn('a.ts', [1, 5])], 10)).toEqual([]);
  });

  it('never exceeds the budget, never repeats a line, and cites only what it shows', () => {
    const hit = fc
      .tuple(fc.constantFrom('a.ts', 'b.ts'), fc.integer({ min: 1, max: 80 }), fc.integer({ min: 0, max: 60 }))
      .map(([path, start, length]) => hitOn(path, [start, start + length]));
    fc.assert(
      fc.property(fc.array(hit, { maxLength: 12 }), fc.integer({ min: 0, max: 2_000 }), (hits, budget) => {
        const packed = packEvidence(hits, budget);
        expect(packed.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(budget);
        const lines = packed.flatMap(({ text }) => text.split('\n'));
        expect(new Set(lines).size).toBe(lines.length);
        for (const piece of packed) expect(piece.text).toBe(hitOn(piece.path, [piece.startLine, piece.endLine]).text);
      }),
    );
  });
});

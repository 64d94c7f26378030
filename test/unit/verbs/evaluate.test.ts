import { describe, expect, it } from 'vitest';
import type { CatalogueReader } from '../../../src/core/catalogue.ts';
import { evaluate } from '../../../src/verbs/evaluation/evaluate.ts';
import type { EvaluatedIndex, EvaluateParts } from '../../../src/verbs/evaluation/evaluate.ts';
import { hitOf } from '../../support/fake-service.ts';

const questions = [
  { query: 'one', relevant: [{ path: 'a.ts' }] },
  { query: 'two', relevant: [{ path: 'b.ts' }] },
];

/** An index that finds the same files for every question; `files` are its paths with their hashes. */
function indexOf(
  found: readonly string[],
  files: Readonly<Record<string, string>>,
  notices: readonly string[] = [],
): EvaluatedIndex {
  const catalogue: Partial<CatalogueReader> = {
    paths: () => Object.keys(files).map((path, file) => ({ path, file, language: 'typescript' })),
    file: (path) => ({ hash: files[path], chunkerVersion: '1' }) as ReturnType<CatalogueReader['file']>,
  };
  return {
    catalogue: catalogue as CatalogueReader,
    retriever: { search: async () => ({ hits: found.map((path) => hitOf({ path })), mode: 'lexical', notices }) },
    settings: { embedder: 'none', chunkCharacters: 750, maxCodeBytes: 1, maxDataBytes: 1 },
  };
}

const both = { 'a.ts': '1', 'b.ts': '2' };
const quiet = { signal: new AbortController().signal, onProgress: () => {} };
const withOther =
  (index: EvaluatedIndex, notices: readonly string[] = []): EvaluateParts['withOther'] =>
  (use) =>
    use({ ...index, notices });

describe('an evaluation', () => {
  it('tells the scores of the present settings alone', async () => {
    const report = await evaluate(
      { project: 'shop', present: indexOf(['a.ts', 'b.ts'], both), withOther: null },
      questions,
      quiet,
    );
    expect(report).toMatchObject({ project: 'shop', questions: 2, scores: { hit1: { mean: 0.5 }, hit5: { mean: 1 } } });
    expect(report.bySource).toMatchObject({ given: { questions: 2 } });
    expect(report.notices).toEqual([]);
    expect(report).not.toHaveProperty('against');
  });

  it('compares with others, and says which questions moved', async () => {
    const other = indexOf(['b.ts'], both);
    const parts = { project: 'shop', present: indexOf(['a.ts', 'b.ts'], both), withOther: withOther(other, ['Slow.']) };
    const { against, notices } = await evaluate(parts, questions, quiet);
    expect(against).toMatchObject({
      scores: { hit1: { mean: 0.5 } },
      difference: { hit1: { mean: 0 }, hit5: { mean: -0.5 } },
      worse: [{ query: 'one', before: 1, after: null }],
      better: [{ query: 'two', before: 2, after: 1 }],
    });
    expect(notices).toEqual(['Slow.']);
  });

  it('says once what searches say, what is not in the index, and what is out of date', async () => {
    const present = indexOf([], { 'a.ts': '1', 'c.ts': '3' }, ['By words only.']);
    const parts = { project: 'shop', present, withOther: withOther(indexOf([], { 'a.ts': '9' })) };
    const { notices } = await evaluate(parts, questions, quiet);
    expect(notices).toEqual([
      '1 of the 2 questions are about files that are not in the index; they count as not found.',
      'By words only.',
      '2 files have changed since the present index was made: `lorekeep index` first makes the comparison fair.',
    ]);
  });

  it('reports its progress and stops when told to', async () => {
    const seen: unknown[] = [];
    const control = new AbortController();
    const present = indexOf(['a.ts'], both);
    const onProgress = (progress: unknown): void => {
      seen.push(progress);
      control.abort();
    };
    await expect(
      evaluate({ project: 'shop', present, withOther: null }, questions, { signal: control.signal, onProgress }),
    ).rejects.toThrow(/abort/i);
    expect(seen).toEqual([{ stage: 'ask', settings: 'present', done: 0, total: 2 }]);
  });
});

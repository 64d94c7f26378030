import type { PackCurrent } from '../../src/answer/answer-question.ts';
import type { Evidence } from '../../src/core/answer.ts';
import type { Hit } from '../../src/core/retrieval.ts';

/** A hit on lines of a made-up file; each line tells its own number. */
export function hitOn(path: string, [startLine, endLine]: readonly [number, number], more: Partial<Hit> = {}): Hit {
  const lines = Array.from({ length: endLine - startLine + 1 }, (_, index) => `line ${startLine + index} of ${path}`);
  const place = { project: 'shop', path, startLine, endLine };
  return {
    ...place,
    score: 1,
    language: 'typescript',
    kind: 'definition',
    name: '',
    context: [],
    text: lines.join('\n'),
    file: null,
    generation: null,
    signals: [],
    ...more,
  };
}

/** Numbered evidence, one line each. */
export function evidenceOf(count: number): readonly Evidence[] {
  return Array.from({ length: count }, (_, index) => {
    const { project, path, startLine, endLine, context, text } = hitOn(`src/file-${index + 1}.ts`, [1, 1]);
    return { number: index + 1, project, path, startLine, endLine, context, text, tokens: 10 };
  });
}

/** Packs hits as they are: for tests in which no file is behind them. */
export const packAsIs: PackCurrent = async (hits, pack) => ({ evidence: pack(hits), freshness: null, notices: [] });

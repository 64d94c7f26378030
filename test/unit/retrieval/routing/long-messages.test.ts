import { expect, it } from 'vitest';
import { searchQuestion } from '../../../../src/retrieval/routing/follow-up.ts';
import { messageWords, proseOf } from '../../../../src/retrieval/routing/message-words.ts';
import { analyseQuestion } from '../../../../src/retrieval/query-analysis.ts';
import { routeSignals } from '../../../../src/retrieval/routing/route-signals.ts';
import { isBackgroundTask } from '../../../../src/retrieval/routing/wording.ts';
import { wordingScore } from '../../../../src/retrieval/routing/wording-model.ts';

const length = 100_000;
const limitMs = 50;
const known = { defines: () => false, mentions: () => false, inPaths: () => false };

function readAll(text: string): void {
  isBackgroundTask(text);
  const prose = proseOf(text);
  const words = messageWords(prose, known);
  const query = analyseQuestion(text);
  const rest = { paths: [], fileNames: [], wording: wordingScore(words), margin: 0, history: 0.5 };
  routeSignals({ query, prose, words, known, ...rest });
  searchQuestion('and it?', [text]);
}

/** The machine may be busy: the quickest of a few times counts. */
function quickest(text: string): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    readAll(text);
    return performance.now() - start;
  });
  return Math.min(...times);
}

it.each(
  ['a', 'a.', 'a/', 'aA', 'a_', 'a-', '@a.', '`', '```', '```\n', '\n', ' ', '"', '1', '_', '$a', 'x(', '是', '如何']
    .concat(['what is a-', 'generate a, ', 'write a ', 'autocomplete chat ', 'how does the ', '根据对话', '写一个'])
    .map((unit) => [unit]),
)('reads 100 kB of %j in time', (unit) => {
  expect(quickest(unit.repeat(length / unit.length))).toBeLessThan(limitMs);
});

import { expect, it } from 'vitest';
import { searchQuestion } from '../../../../src/retrieval/routing/follow-up.ts';
import { messageWords } from '../../../../src/retrieval/routing/message-words.ts';
import { takeApart } from '../../../../src/retrieval/routing/pasted-code.ts';
import { analyseQuestion } from '../../../../src/retrieval/query-analysis.ts';
import { routeSignals } from '../../../../src/retrieval/routing/route-signals.ts';
import { isBackgroundTask } from '../../../../src/retrieval/routing/wording.ts';
import { wordingScore } from '../../../../src/retrieval/routing/wording-model.ts';

const length = 100_000;
const limitMs = 50;
const known = { defines: () => false, mentions: () => false, inPaths: () => false, namesTogether: () => false };

function readAll(text: string): void {
  isBackgroundTask(text);
  const { prose, code } = takeApart(text);
  const words = messageWords(prose, known);
  const query = analyseQuestion(text);
  const rest = { paths: [], fileNames: [], wording: wordingScore(words), history: 0 };
  routeSignals({ query, prose, code, words, known, ...rest });
  searchQuestion('and it?', [text]);
}

/** The work of this thread alone, as the machine may be busy; the quickest of a few times counts. */
function quickest(text: string): number {
  const times = Array.from({ length: 5 }, () => {
    const start = process.threadCpuUsage();
    readAll(text);
    const { user, system } = process.threadCpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

it.each(
  ['a', 'a.', 'a/', 'aA', 'a_', 'a-', '@a.', '`', '```', '```\n', '\n', ' ', '"', '1', '_', '$a', 'x(', '是', '如何']
    .concat(['\n  a', '\na(', '\nfrom a', 'a "b ', " 'a b", ' --a', '“a', 'based on the chat ', '以上对话'])
    .concat(['what is a-', 'generate a, ', 'write a ', 'autocomplete chat ', 'how does the ', '根据对话', '写一个'])
    .map((unit) => [unit]),
)('reads 100 kB of %j in time', (unit) => {
  expect(quickest(unit.repeat(length / unit.length))).toBeLessThan(limitMs);
});

import { expect, test } from 'vitest';
import { meanScores, scoreQuestion } from '../../../src/verbs/evaluation/score-questions.ts';
import type { EvaluationReport } from '../../../src/verbs/evaluation/evaluation-report.ts';
import { hitOf } from '../../support/fake-service.ts';
import { runWith } from '../../support/cli-world.ts';

const question = { query: 'where \u001b[31msessions open', relevant: [{ path: 'a.ts' }], source: 'commit' };
const scores = meanScores([scoreQuestion(question, [hitOf({ path: 'a.ts' })])]);
const settings = { embedder: 'builtin', chunkCharacters: 750, maxCodeBytes: 1_000_000, maxDataBytes: 1_000_000 };
const report: EvaluationReport = {
  project: 'shop',
  questions: 14,
  settings,
  scores,
  bySource: { commit: { questions: 13, ...scores }, document: { questions: 1, ...scores } },
  notices: ['Careful.'],
};
const changed = { ...question, before: 1, after: null };
const compared: EvaluationReport = {
  ...report,
  against: {
    settings: { ...settings, embedder: 'none', chunkCharacters: 900 },
    scores,
    difference: meanScores([]),
    worse: Array.from({ length: 12 }, () => changed),
    better: [],
  },
};

test('prints a row for each measure, and the sources', async () => {
  const { stdout, stderr, status } = await runWith(['eval'], { evaluate: async () => report });
  expect(status).toBe(0);
  const lines = stdout.split('\n');
  expect(lines[0]).toBe('shop  14 questions (13 from commits, 1 from documents)');
  expect(stdout).toContain('embedder=builtin');
  expect(stdout).toMatch(/^NDCG@10 {21}1\.000 \(1\.00 to 1\.00\)$/m);
  for (const label of ['hit@1', 'hit@5', 'recall@10', 'recall in 4,000 tokens', 'NDCG@10, commits'])
    expect(stdout).toContain(label);
  expect(stdout).not.toContain('Worse');
  expect(stderr).toBe('Careful.\n');
});

test('prints both settings, the difference, and the ten most changed questions', async () => {
  const { stdout } = await runWith(['eval', '--against', 'embedder=none'], { evaluate: async () => compared });
  expect(stdout).toMatch(/embedder=builtin chunkCharacters=750.*embedder=none chunkCharacters=900.*difference/);
  expect(stdout).toContain('+0.000 (0.00 to 0.00)');
  expect(stdout).toContain('Worse with embedder=none chunkCharacters=900: 12 questions, the 10 most changed\n');
  expect(stdout.match(/ {2}1 -> - {5}where \\x1b\[31msessions open\n/g)).toHaveLength(10);
  expect(stdout).not.toContain('\u001b');
});

test('--json has everything', async () => {
  const { stdout } = await runWith(['eval', '--json', '--against', 'embedder=none'], {
    evaluate: async () => compared,
  });
  const parsed = JSON.parse(stdout);
  expect(parsed).toEqual(JSON.parse(JSON.stringify(compared)));
  expect(parsed.against.worse).toHaveLength(12);
});

test('passes on what is asked: project, number, seed, file, settings', async () => {
  const asked: unknown[] = [];
  const service = {
    questions: async (projects: unknown, request: unknown) => {
      asked.push(projects, request);
      return { questions: [question], notices: [] };
    },
    evaluate: async (_projects: unknown, { against }: { against: unknown }) => {
      asked.push(against);
      return report;
    },
  };
  await runWith(['eval', '../web', '-n', '20', '--seed', '7'], service);
  const against = ['--against', 'chunk-characters=900', '--against', 'embedder=ollama:a=b'];
  await runWith(['eval', '-p', 'web', '--queries', 'q.jsonl', ...against], service);
  expect(asked).toEqual([
    { currentFolder: '/code/shop', named: ['../web'] },
    { count: 20, seed: 7 },
    null,
    { currentFolder: '/code/shop', named: ['web'] },
    { file: '/code/shop/q.jsonl' },
    { chunkCharacters: '900', embedder: 'ollama:a=b' },
  ]);
});

test.each([
  [['--questions', '0'], '--questions must be a whole number from 1'],
  [['--against', 'embeder=none'], 'not "embeder". Did you mean embedder?'],
  [['--against', 'answerTokens=5'], 'an option that an index depends on (embedder, chunkCharacters'],
  [['--against', 'embedder'], '--against embedder needs a value'],
  [['--queries', 'a.jsonl', '--seed', '2'], '--seed is for questions to be made'],
  [['a', '--project', 'b'], 'not both'],
  [['--save', '/nowhere/at/all.jsonl'], 'cannot be written to /nowhere/at/all.jsonl'],
])('eval %j is a wrong command', async (words, message) => {
  const { status, stderr } = await runWith(['eval', ...words]);
  expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
});

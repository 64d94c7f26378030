import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ServiceError } from '../../core/errors.ts';
import type { ProjectSelection } from '../../verbs/reports.ts';
import type { EvaluationProgress, QuestionRequest, QuestionSet } from '../../verbs/evaluation/evaluation-report.ts';
import { flagList, flagText, hasFlag } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { configFlags, everyCommand, projectFlag } from '../common-flags.ts';
import { ensureIndexed } from '../ensure-indexed.ts';
import { againstValues } from '../evaluation/against.ts';
import { createEvaluationBars } from '../evaluation/evaluation-progress.ts';
import { printEvaluation } from '../evaluation/print-evaluation.ts';
import { flagNumber } from '../parse-arguments.ts';
import { atMostOne } from '../question.ts';
import { counted, oneLine } from '../terminal-text.ts';

/** `lorekeep eval`: how well questions find their files in this very project. */
export const evalCommand: Command = {
  name: 'eval',
  parameters: '[folder]',
  summary: 'Measure how well questions find the right files of a project.',
  description:
    'Makes questions from the subjects of commits and from documents that name what the code defines, asks them, and\n' +
    'says how often the right file came first. --against compares with an index by other settings, made for the\n' +
    'comparison and deleted after it. A folder without an index is indexed first.',
  flags: [
    { name: 'questions', short: 'n', value: '<n>', summary: 'How many questions to make at most (default 200).' },
    { name: 'seed', value: '<n>', summary: 'Another number, another choice of questions (default 1).' },
    { name: 'save', value: '<file.jsonl>', summary: 'Write the questions to a file, to be corrected by hand.' },
    { name: 'queries', value: '<file.jsonl>', summary: 'Ask the questions of a file instead of making some.' },
    {
      name: 'against',
      value: '<option>=<value>',
      repeatable: true,
      summary: 'Compare with other settings; may be given several times, all of them count together.',
    },
    { ...projectFlag, repeatable: false, summary: 'Project to measure, by name or folder.' },
    ...configFlags('modelUrl', 'embedderUrl', 'allowedHosts', 'modelIdleTimeoutMs', 'workers'),
    ...everyCommand,
  ],
  examples: [
    ['lorekeep eval', 'the current folder, with its present index'],
    ['lorekeep eval --against embedder=none', 'what the embedder is worth here'],
    ['lorekeep eval --against chunkCharacters=1500 --against embedder=ollama:nomic-embed-text', 'both changed at once'],
    ['lorekeep eval --save questions.jsonl', 'then correct the file by hand, and from then on:'],
    ['lorekeep eval --queries questions.jsonl --json', 'the same questions each time, for a program'],
  ],
  run,
};

async function run(context: CommandContext): Promise<void> {
  const { invocation, terminal, signal } = context;
  const projects = selectionOf(context);
  const request = questionRequest(context);
  const given = flagList(invocation, 'against');
  const against = againstValues(given);
  const service = await context.openService();
  await ensureIndexed(service, projects, context);
  const asked = await service.questions(projects, request, signal);
  const bars = createEvaluationBars(context, oneLine(given.join(' ')));
  try {
    const control = { signal, onProgress: (progress: EvaluationProgress) => bars.update(progress) };
    const found = await service.evaluate(projects, { questions: asked.questions, against }, control);
    bars.end();
    // Only now: a file in the project would be found by the questions that it holds.
    save(asked, context);
    const report = { ...found, notices: [...asked.notices, ...found.notices] };
    if (hasFlag(invocation, 'json')) terminal.write(`${JSON.stringify(report)}\n`);
    else {
      printEvaluation(report, terminal);
      for (const notice of report.notices) terminal.note(oneLine(notice));
    }
  } finally {
    bars.end();
  }
}

function selectionOf({ invocation, currentFolder }: CommandContext): ProjectSelection {
  const folder = atMostOne('eval', invocation);
  const named = flagList(invocation, 'project').slice(-1);
  if (folder !== undefined && named.length > 0)
    throw new ServiceError('request_invalid', 'Name the project either as a folder or with --project, not both.');
  return { currentFolder, named: folder === undefined ? named : [folder] };
}

function questionRequest({ invocation, currentFolder }: CommandContext): QuestionRequest {
  const count = flagNumber(invocation, 'questions', { fallback: 200, min: 1, max: 10_000 });
  const seed = flagNumber(invocation, 'seed', { fallback: 1, min: 0, max: 1_000_000_000 });
  const file = flagText(invocation, 'queries');
  if (file === undefined) return { count, seed };
  const other = ['questions', 'seed'].find((name) => hasFlag(invocation, name));
  if (other === undefined) return { file: resolve(currentFolder, file) };
  throw new ServiceError(
    'request_invalid',
    `--queries asks all questions of a file; --${other} is for questions to be made.`,
  );
}

/** Writes the questions where `--save` says. */
function save({ questions }: QuestionSet, { invocation, terminal, currentFolder }: CommandContext): void {
  const file = flagText(invocation, 'save');
  if (file === undefined) return;
  try {
    writeFileSync(resolve(currentFolder, file), questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
  } catch (cause) {
    throw new ServiceError('request_invalid', `The questions cannot be written to ${file}; check its folder.`, {
      cause,
    });
  }
  terminal.note(`Wrote ${counted(questions.length, 'question')} to ${oneLine(file)}.`);
}

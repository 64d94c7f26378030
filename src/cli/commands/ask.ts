import { resolve } from 'node:path';
import type { Answer, Evidence } from '../../core/answer.ts';
import { flagList, flagText, hasFlag } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { configFlags, everyCommand, projectFlag } from '../common-flags.ts';
import { ensureIndexed } from '../ensure-indexed.ts';
import { ofSeveralProjects, placeOf } from '../places.ts';
import { questionOf } from '../question.ts';
import { manyLines, oneLine } from '../terminal-text.ts';
import type { Terminal } from '../terminal.ts';

/** `lorekeep ask`: evidence at once, then an answer that cites it. */
export const askCommand: Command = {
  name: 'ask',
  parameters: '<question>',
  summary: 'Answer a question, with the files and lines the answer rests on.',
  description:
    'Answers a question about the code: shows the numbered evidence at once, then an answer that cites it.\n' +
    'Answers are written by a model on your own Ollama; without one you get the evidence in reading order.\n' +
    'A folder without an index is indexed first.',
  flags: [
    { name: 'file', short: 'f', value: '<path>', repeatable: true, summary: 'Add a file as evidence without indexing it; may be given several times.' },
    { name: 'path', value: '<glob>', summary: "Only evidence from files whose path matches, for example 'src/**'." },
    { name: 'language', short: 'l', value: '<name>', summary: 'Only evidence in this language.' },
    { name: 'no-model', summary: 'Show the evidence answer, ask no model.' },
    ...configFlags('model', 'modelUrl', 'allowedHosts', 'answerReadingSeconds', 'answerTokens'),
    projectFlag,
    ...everyCommand,
  ],
  examples: [
    ['lorekeep ask "where are passwords checked?"', 'in the current folder'],
    ['lorekeep ask "why does this fail?" --file build.log', 'with a file that is not indexed'],
    ['lorekeep ask "who calls charge()?" -p shop -p billing', 'over two projects'],
    ['lorekeep ask "what starts the server" --no-model --json', 'cited evidence only, for a program'],
  ],
  run,
};

async function run(context: CommandContext): Promise<void> {
  const { invocation, terminal, signal, currentFolder } = context;
  const path = flagText(invocation, 'path');
  const language = flagText(invocation, 'language');
  const request = {
    question: questionOf('ask', invocation),
    files: flagList(invocation, 'file').map((file) => resolve(currentFolder, file)),
    withoutModel: hasFlag(invocation, 'no-model'),
    ...(path === undefined ? {} : { path }),
    ...(language === undefined ? {} : { language }),
  };
  const projects = { currentFolder, named: flagList(invocation, 'project') };
  const service = await context.openService();
  await ensureIndexed(service, projects, context);
  const asJson = hasFlag(invocation, 'json');
  let evidence: readonly Evidence[] = [];
  for await (const event of service.ask(projects, request, signal)) {
    if (event.type === 'evidence') evidence = event.evidence;
    if (asJson) {
      if (event.type === 'answer') terminal.write(`${JSON.stringify({ ...event.answer, evidence })}\n`);
    } else if (event.type === 'evidence') printEvidence(evidence, event.notices, terminal);
    else if (event.type === 'text') terminal.write(manyLines(event.text));
    else printEnd(event.answer, evidence, terminal);
  }
}

function printEvidence(evidence: readonly Evidence[], notices: readonly string[], terminal: Terminal): void {
  const withProject = ofSeveralProjects(evidence);
  terminal.write(`${terminal.style('bold', 'Evidence')}\n`);
  for (const item of evidence) {
    const about = item.context.at(-1);
    const tail = about === undefined ? '' : `  ${terminal.style('dim', oneLine(about))}`;
    terminal.write(`${label(item.number, evidence.length)} ${placeOf(item, withProject)}${tail}\n`);
  }
  if (evidence.length === 0) terminal.write('  nothing found\n');
  for (const notice of notices) terminal.note(oneLine(notice));
  terminal.write('\n');
}

/** A generated answer was streamed already; an evidence answer is printed here. */
function printEnd(answer: Answer, evidence: readonly Evidence[], terminal: Terminal): void {
  if (answer.mode === 'evidence') terminal.write(manyLines(answer.answer));
  terminal.write('\n');
  if (answer.mode === 'generated') printSources(answer, evidence.length, terminal);
  for (const notice of answer.notices) terminal.note(oneLine(notice));
  if (answer.model !== null) terminal.note(terminal.styleNote('dim', `Answered by ${oneLine(answer.model)}.`));
}

function printSources(answer: Answer, evidenceCount: number, terminal: Terminal): void {
  const withProject = ofSeveralProjects(answer.citations);
  terminal.write(`\n${terminal.style('bold', answer.uncited ? 'The answer cites nothing; it was given' : 'Sources')}\n`);
  for (const citation of answer.citations) {
    terminal.write(`${label(citation.number, evidenceCount)} ${placeOf(citation, withProject)}\n`);
  }
}

function label(number: number, total: number): string {
  return `${' '.repeat(Math.max(0, String(total).length - String(number).length))}[${number}]`;
}

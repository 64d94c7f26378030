import { resolve } from 'node:path';
import type { Answer, AnswerEvent, Evidence } from '../../core/answer.ts';
import { flagList, flagText, hasFlag } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { configFlags, everyCommand, projectFlag } from '../common-flags.ts';
import { bringCurrent, currentFlags, ensureIndexed } from '../ensure-indexed.ts';
import { ofSeveralProjects, placeOf, tellFreshness } from '../places.ts';
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
    {
      name: 'file',
      short: 'f',
      value: '<path>',
      repeatable: true,
      summary: 'Add a file as evidence without indexing it; may be given several times.',
    },
    { name: 'path', value: '<glob>', summary: "Only evidence from files whose path matches, for example 'src/**'." },
    { name: 'language', short: 'l', value: '<name>', summary: 'Only evidence in this language.' },
    { name: 'no-model', summary: 'Show the evidence answer, ask no model.' },
    { name: 'no-cache', summary: 'Ask the model even if it has answered the same question on the same code before.' },
    ...configFlags(
      'model',
      'modelUrl',
      'embedderUrl',
      'allowedHosts',
      'answerReadingSeconds',
      'answerTokens',
      'modelIdleTimeoutMs',
    ),
    ...currentFlags,
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
    cache: !hasFlag(invocation, 'no-cache'),
    ...(path === undefined ? {} : { path }),
    ...(language === undefined ? {} : { language }),
  };
  const projects = { currentFolder, named: flagList(invocation, 'project') };
  const service = await context.openService();
  await ensureIndexed(service, projects, context);
  const lags = await bringCurrent(service, projects, context);
  const asJson = hasFlag(invocation, 'json');
  const page = new AnswerPage(terminal);
  let evidence: readonly Evidence[] = [];
  for await (const told of service.ask(projects, request, signal)) {
    const event = withNotices(told, lags);
    if (event.type === 'evidence') evidence = event.evidence;
    if (!asJson) page.show(event);
    else if (event.type === 'answer') terminal.write(`${JSON.stringify({ ...event.answer, evidence })}\n`);
  }
}

/** An event that says before all else what must be known of the index. */
function withNotices(event: AnswerEvent, notices: readonly string[]): AnswerEvent {
  if (event.type === 'evidence') return { ...event, notices: [...notices, ...event.notices] };
  if (event.type !== 'answer') return event;
  return { ...event, answer: { ...event.answer, notices: [...notices, ...event.answer.notices] } };
}

/** An answer on a terminal: what is there is shown at once, nothing is shown twice. */
class AnswerPage {
  readonly #terminal: Terminal;
  readonly #told = new Set<string>();
  #evidence: readonly Evidence[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(event: AnswerEvent): void {
    if (event.type === 'text') this.#terminal.write(manyLines(event.text));
    else if (event.type === 'answer') this.#showAnswer(event.answer);
    else {
      this.#evidence = event.evidence;
      // An answer without a model is a list of the evidence itself.
      if (event.generating) this.#showEvidence();
      this.#tell(event.notices);
    }
  }

  #showEvidence(): void {
    const withProject = ofSeveralProjects(this.#evidence);
    const lines = this.#evidence.map((item) => {
      const about = item.context.at(-1);
      const tail = about === undefined ? '' : `  ${this.#terminal.style('dim', oneLine(about))}`;
      return `${label(item.number, this.#evidence.length)} ${placeOf(item, withProject)}${tail}\n`;
    });
    this.#terminal.write(`${this.#terminal.style('bold', 'Evidence')}\n${lines.join('')}\n`);
  }

  /** A generated answer was streamed already; an evidence answer comes whole. */
  #showAnswer(answer: Answer): void {
    if (answer.mode === 'generated') this.#showSources(answer);
    else this.#terminal.write(`${manyLines(answer.answer)}\n`);
    this.#tell(answer.notices);
    if (answer.freshness !== null) tellFreshness(this.#terminal, answer.freshness);
    if (answer.model !== null)
      this.#terminal.note(this.#terminal.styleNote('dim', `Answered by ${oneLine(answer.model)}.`));
  }

  #showSources({ citations, uncited }: Answer): void {
    const withProject = ofSeveralProjects(citations);
    const heading = uncited ? 'The answer cites nothing. It was given' : 'Sources';
    const lines = citations.map(
      (citation) => `${label(citation.number, this.#evidence.length)} ${placeOf(citation, withProject)}\n`,
    );
    this.#terminal.write(`\n\n${this.#terminal.style('bold', heading)}\n${lines.join('')}`);
  }

  #tell(notices: readonly string[]): void {
    for (const notice of notices.filter((sentence) => !this.#told.has(sentence))) this.#terminal.note(oneLine(notice));
    for (const notice of notices) this.#told.add(notice);
  }
}

function label(number: number, total: number): string {
  return `${' '.repeat(Math.max(0, String(total).length - String(number).length))}[${number}]`;
}

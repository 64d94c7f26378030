import type { Hit } from '../../core/retrieval.ts';
import type { SearchReport } from '../../verbs/reports.ts';
import { flagList, flagText, hasFlag } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { configFlags, everyCommand, projectFlag } from '../common-flags.ts';
import { bringCurrent, currentFlags, ensureIndexed } from '../ensure-indexed.ts';
import { flagNumber } from '../parse-arguments.ts';
import { ofSeveralProjects, placeOf, snippet, tellFreshness } from '../places.ts';
import { questionOf } from '../question.ts';
import { counted, duration, oneLine } from '../terminal-text.ts';
import type { Terminal } from '../terminal.ts';

const snippetLines = 4;

/** `lorekeep search`: ranked places, no model involved. */
export const searchCommand: Command = {
  name: 'search',
  parameters: '<question>',
  summary: 'Find the places in the code that a question is about.',
  description:
    'Finds the places in the code that a question, a name, a path or a "quoted phrase" is about, best first.\n' +
    'No model is needed. A folder without an index is indexed first.',
  flags: [
    { name: 'limit', short: 'n', value: '<n>', summary: 'How many places to show (default 10).' },
    { name: 'path', value: '<glob>', summary: "Only files whose path matches, for example 'src/**' or '*.ts'." },
    { name: 'language', short: 'l', value: '<name>', summary: 'Only files in this language, for example python.' },
    { name: 'explain', summary: 'Show what each ranking signal added to a score.' },
    { name: 'full', summary: 'Show the whole text of each place.' },
    ...currentFlags,
    projectFlag,
    ...configFlags('embedderUrl', 'modelUrl', 'allowedHosts', 'modelIdleTimeoutMs'),
    ...everyCommand,
  ],
  examples: [
    ['lorekeep search "how are sessions stored"', 'a question in words'],
    ['lorekeep search parseHeader --limit 3', 'a name'],
    ["lorekeep search 'retry \"exponential backoff\"' --path 'src/**'", 'a phrase, in one folder'],
    ['lorekeep search "rate limit" -p api -p web --json', 'two projects at once, for a program'],
  ],
  run,
};

async function run(context: CommandContext): Promise<void> {
  const { invocation, terminal, signal } = context;
  const path = flagText(invocation, 'path');
  const language = flagText(invocation, 'language');
  const request = {
    question: questionOf('search', invocation),
    limit: flagNumber(invocation, 'limit', { fallback: 10, min: 1, max: 1_000 }),
    ...(path === undefined ? {} : { path }),
    ...(language === undefined ? {} : { language }),
  };
  const projects = { currentFolder: context.currentFolder, named: flagList(invocation, 'project') };
  const service = await context.openService();
  await ensureIndexed(service, projects, context);
  const lags = await bringCurrent(service, projects, context);
  const found = await service.search(projects, request, signal);
  const report = { ...found, notices: [...lags, ...found.notices] };
  if (hasFlag(invocation, 'json')) terminal.write(`${JSON.stringify(report)}\n`);
  else print(report, { terminal, explain: hasFlag(invocation, 'explain'), full: hasFlag(invocation, 'full') });
}

interface PrintOptions {
  readonly terminal: Terminal;
  readonly explain: boolean;
  readonly full: boolean;
}

function print(report: SearchReport, options: PrintOptions): void {
  const { terminal } = options;
  const withProject = report.projects.length > 1 || ofSeveralProjects(report.hits);
  for (const hit of report.hits) terminal.write(`${hitLines(hit, withProject, options).join('\n')}\n\n`);
  for (const notice of report.notices) terminal.note(oneLine(notice));
  const found = report.hits.length === 0 ? 'Nothing found' : counted(report.hits.length, 'place');
  const advice = report.hits.length === 0 ? ' Try other words, or a name from the code.' : '';
  const summary = `${found} in ${report.projects.map(oneLine).join(', ')}, ${report.mode} search, ${duration(report.elapsedMs)}.`;
  tellFreshness(terminal, report.freshness);
  terminal.note(terminal.styleNote('dim', summary) + advice);
}

/** What a share must amount to, to be worth reading by itself. */
const tellingShare = 0.05;

/** The signals behind a score, the small ones of them together; `--json` has each. */
function sharesOf({ signals }: Hit): string {
  const telling = signals.filter(({ value }) => Math.abs(value) >= tellingShare);
  const rest = signals.reduce((sum, { value }) => sum + value, 0) - telling.reduce((sum, { value }) => sum + value, 0);
  const small = telling.length < signals.length ? [{ signal: 'small ones', value: rest }] : [];
  return [...telling, ...small].map(({ signal, value }) => `${signal} ${value.toFixed(2)}`).join(' · ');
}

function hitLines(hit: Hit, withProject: boolean, options: PrintOptions): string[] {
  const { terminal } = options;
  const head = [
    terminal.style('bold', placeOf(hit, withProject)),
    ...(hit.name === '' ? [] : [terminal.style('cyan', oneLine(hit.name))]),
    terminal.style('dim', hit.score.toFixed(2)),
  ].join('  ');
  const size = {
    lines: options.full ? Infinity : snippetLines,
    columns: options.full ? Infinity : Math.max(20, terminal.columns - 4),
  };
  return [
    head,
    ...(options.explain ? [`    ${terminal.style('dim', sharesOf(hit))}`] : []),
    ...snippet(hit.text, size).map((line) => (line === '' ? '' : `    ${terminal.style('dim', line)}`)),
  ];
}

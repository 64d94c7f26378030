import type { LiveState } from '../../core/live.ts';
import { flagList, hasFlag } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { everyCommand, projectFlag } from '../common-flags.ts';
import { atMostOne } from '../question.ts';
import { byteSize, count, counted, cutToWidth, oneLine } from '../terminal-text.ts';
import type { Terminal } from '../terminal.ts';
import type { StatusReport } from '../../verbs/reports.ts';

const languagesShown = 8;

/** `lorekeep status`: what is in an index, and what is not. */
export const statusCommand: Command = {
  name: 'status',
  parameters: '[folder]',
  summary: 'Show what is in an index, and what was left out.',
  description:
    'Shows what is in the index of a project: files, languages, size, last run, what was left out or degraded, and\n' +
    'whether a process keeps it current.',
  flags: [
    {
      name: 'skipped',
      summary: 'List every file that was left out or indexed with less than full quality, with the reason.',
    },
    { ...projectFlag, repeatable: false, summary: 'Project to show, by name or folder.' },
    ...everyCommand,
  ],
  examples: [
    ['lorekeep status', 'the current folder'],
    ['lorekeep status --skipped', 'every file left out, with the reason'],
    ['lorekeep status --project shop --json', 'for a program'],
  ],
  run,
};

async function run(context: CommandContext): Promise<void> {
  const { invocation, terminal } = context;
  const folder = atMostOne('status', invocation);
  const named = folder === undefined ? flagList(invocation, 'project').slice(-1) : [folder];
  const service = await context.openService();
  const report = await service.status({ currentFolder: context.currentFolder, named });
  const withLists = hasFlag(invocation, 'skipped');
  if (hasFlag(invocation, 'json')) terminal.write(`${JSON.stringify(jsonOf(report, withLists))}\n`);
  else print(report, withLists, terminal);
}

/** Totals have their own names; `skipped` and `degraded` are always lists, there only when asked for. */
function jsonOf(report: StatusReport, withLists: boolean): object {
  const { project, totals, skipped, degraded, ...rest } = report;
  const { skipped: skippedFiles, degraded: degradedFiles, ...counts } = totals;
  const lists = withLists ? { skipped, degraded } : {};
  return {
    project: project.name,
    root: project.root,
    indexFolder: project.indexFolder,
    ...counts,
    skippedFiles,
    degradedFiles,
    ...rest,
    ...lists,
  };
}

function print(report: StatusReport, withLists: boolean, terminal: Terminal): void {
  const { project, totals } = report;
  const row = (label: string, text: string): void =>
    terminal.write(`  ${terminal.style('dim', label.padEnd(12))}${text}\n`);
  terminal.write(`${terminal.style('bold', oneLine(project.name))}  ${oneLine(project.root)}\n`);
  row('files', `${count(totals.files)} (${byteSize(totals.bytes)})`);
  row('chunks', `${count(totals.chunks)}, ${counted(totals.symbols, 'symbol')}`);
  if (totals.pending > 0) row('pending', `${counted(totals.pending, 'file')} on the way to the index`);
  row('languages', languages(totals.languages));
  row(
    'embedder',
    report.embedder === null
      ? 'none (lexical search)'
      : `${report.embedder.model}, ${report.embedder.dimension} dimensions`,
  );
  row('on disk', `${byteSize(report.diskBytes)} in ${oneLine(project.indexFolder)}`);
  row('last run', report.lastCompletedRun ?? 'none reached its end; run `lorekeep index`');
  row('watched', liveText(report.live));
  for (const { name, message } of report.alarms) row('alarm', terminal.style('red', oneLine(`${name}: ${message}`)));
  row('left out', counted(totals.skipped, 'file'));
  row('degraded', counted(totals.degraded, 'file'));
  if (withLists) printLists(report, terminal);
  else if (totals.skipped + totals.degraded > 0)
    terminal.note(terminal.styleNote('dim', '  `lorekeep status --skipped` lists them with reasons.'));
}

/** Since when somebody keeps the index current, how, and what waits. */
function liveText(live: LiveState | null): string {
  if (live === null) return 'no; `lorekeep watch` keeps the index current';
  const parts = [`since ${live.startedAt} by process ${live.pid}`];
  if (live.mode === 'reconcile_only') parts.push(`by comparing all files: ${live.reason ?? 'unknown'}`);
  if (live.pendingFiles > 0) parts.push(`${counted(live.pendingFiles, 'file')} pending since ${live.pendingSince}`);
  else if (live.pendingSince !== null) parts.push(`files may have changed since ${live.pendingSince}`);
  parts.push(live.checkedAt === null ? 'not compared yet' : `compared at ${live.checkedAt}`);
  if (live.problem !== null) parts.push(`fails: ${live.problem}`);
  return oneLine(parts.join('; '));
}

function languages(entries: StatusReport['totals']['languages']): string {
  const sorted = [...entries].sort((left, right) => right.files - left.files);
  const shown = sorted.slice(0, languagesShown).map((entry) => `${entry.language} ${count(entry.files)}`);
  const rest = sorted.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ') || 'none';
}

function printLists(report: StatusReport, terminal: Terminal): void {
  const width = Math.max(40, terminal.columns);
  terminal.write(`\n${terminal.style('bold', 'Left out')}\n`);
  for (const file of report.skipped) {
    terminal.write(`  ${file.reason.padEnd(16)} ${oneLine(file.path)}\n`);
    if (file.detail !== '')
      terminal.write(`  ${' '.repeat(16)} ${terminal.style('dim', cutToWidth(oneLine(file.detail), width - 20))}\n`);
  }
  if (report.skipped.length === 0) terminal.write('  nothing\n');
  terminal.write(`\n${terminal.style('bold', 'Degraded')}\n`);
  for (const file of report.degraded) terminal.write(`  ${file.reason.padEnd(16)} ${oneLine(file.path)}\n`);
  if (report.degraded.length === 0) terminal.write('  nothing\n');
}

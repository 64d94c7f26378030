import type { Estimate, Rank } from '../../core/relevance.ts';
import type {
  ChangedQuestion,
  EvaluationReport,
  IndexSettings,
  Scores,
} from '../../verbs/evaluation/evaluation-report.ts';
import { indexOptions, tokenBudgets } from '../../verbs/evaluation/evaluation-report.ts';
import { count, counted, cutToWidth, oneLine } from '../terminal-text.ts';
import type { Terminal } from '../terminal.ts';

const questionsShown = 10;
const labelWidth = 28;
const columnWidth = 24;

/** Prints scores as a table, one row a measure, and the questions that other settings answer worse and better. */
export function printEvaluation(report: EvaluationReport, terminal: Terminal): void {
  const { project, questions, against } = report;
  const columns = [
    settingsName(report.settings, against?.settings),
    ...(against ? [settingsName(against.settings, report.settings), 'difference'] : []),
  ];
  terminal.write(
    `${terminal.style('bold', oneLine(project))}  ${counted(questions, 'question')}${sourcesOf(report)}\n\n`,
  );
  terminal.write(
    `${''.padEnd(labelWidth)}${columns
      .map((column) => oneLine(column).padEnd(columnWidth))
      .join('')
      .trimEnd()}\n`,
  );
  for (const [label, measure] of measures()) {
    const cells = [
      interval(measure(report.scores)),
      ...(against ? [interval(measure(against.scores)), interval(measure(against.difference), true)] : []),
    ];
    terminal.write(
      `${label.padEnd(labelWidth)}${cells
        .map((cell) => cell.padEnd(columnWidth))
        .join('')
        .trimEnd()}\n`,
    );
  }
  const sources = Object.entries(report.bySource);
  for (const [source, scores] of sources.length > 1 ? sources : []) {
    terminal.write(`${`NDCG@10, ${sourceName(source)}`.padEnd(labelWidth)}${interval(scores.ndcg10)}\n`);
  }
  if (against) {
    printChanged({ title: 'Worse', questions: against.worse, settings: columns[1] ?? '' }, terminal);
    printChanged({ title: 'Better', questions: against.better, settings: columns[1] ?? '' }, terminal);
  }
}

/** What a person calls settings: those that differ from others, else the embedder. */
function settingsName(settings: IndexSettings, others: IndexSettings | undefined): string {
  const differing = indexOptions.filter((option) => others !== undefined && settings[option] !== others[option]);
  const shown = differing.length > 0 ? differing : (['embedder'] as const);
  return shown.map((option) => `${option}=${settings[option]}`).join(' ');
}

function sourcesOf({ bySource }: EvaluationReport): string {
  const parts = Object.entries(bySource).map(
    ([source, { questions }]) => `${count(questions)} from ${sourceName(source)}`,
  );
  return ` (${parts.join(', ')})`;
}

function sourceName(source: string): string {
  if (source === 'commit') return 'commits';
  if (source === 'document') return 'documents';
  return source === 'given' ? 'the file' : oneLine(source);
}

function measures(): readonly (readonly [string, (scores: Scores) => Estimate])[] {
  return [
    ['NDCG@10', ({ ndcg10 }) => ndcg10],
    ['hit@1', ({ hit1 }) => hit1],
    ['hit@5', ({ hit5 }) => hit5],
    ['recall@10', ({ recall10 }) => recall10],
    ...tokenBudgets.map(
      (budget) => [`recall in ${count(budget)} tokens`, (scores: Scores) => scores.recallWithin[budget]] as const,
    ),
  ];
}

function interval({ mean, low, high }: Estimate, signed = false): string {
  const sign = signed && mean >= 0 ? '+' : '';
  return `${sign}${mean.toFixed(3)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

interface ChangedList {
  readonly title: string;
  readonly questions: readonly ChangedQuestion[];
  readonly settings: string;
}

function printChanged({ title, questions, settings }: ChangedList, terminal: Terminal): void {
  if (questions.length === 0) return;
  const width = Math.max(40, terminal.columns);
  const more = questions.length > questionsShown ? `, the ${questionsShown} most changed` : '';
  terminal.write(
    `\n${terminal.style('bold', `${title} with ${oneLine(settings)}`)}: ${counted(questions.length, 'question')}${more}\n`,
  );
  for (const { query, relevant, before, after } of questions.slice(0, questionsShown)) {
    terminal.write(
      `  ${`${rankText(before)} -> ${rankText(after)}`.padEnd(11)}${cutToWidth(oneLine(query), width - 13)}\n`,
    );
    const paths = relevant.map(({ path }) => oneLine(path)).join(', ');
    terminal.write(`  ${''.padEnd(11)}${terminal.style('dim', cutToWidth(paths, width - 13))}\n`);
  }
}

function rankText(rank: Rank): string {
  return rank === null ? '-' : String(rank);
}

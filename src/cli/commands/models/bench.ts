import type { BenchReport, BenchRun } from '../../../verbs/models/bench-model.ts';
import { hasFlag } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { configFlags, everyCommand } from '../../common-flags.ts';
import { flagNumber } from '../../parse-arguments.ts';
import { createProgressBar } from '../../progress.ts';
import { exactlyOne } from '../../question.ts';
import { count, duration, oneLine } from '../../terminal-text.ts';
import type { Terminal } from '../../terminal.ts';

/** `lorekeep models bench`: how fast a model is on this machine. */
export const benchModelCommand: Command = {
  name: 'models bench',
  parameters: '<model>',
  summary: 'Measure how fast a model reads and writes here.',
  description:
    'Loads a model and measures how fast it reads a prompt and writes an answer, as Ollama times it, and how long the first\n' +
    'token takes. Each run has another prompt, so that nothing remembered helps.',
  flags: [
    { name: 'runs', value: '<n>', summary: 'How often to measure; default 3.' },
    { name: 'prompt-tokens', value: '<n>', summary: 'About how long each prompt is; default 500.' },
    { name: 'output-tokens', value: '<n>', summary: 'Longest answer of a run; default 64.' },
    ...configFlags('modelUrl', 'allowedHosts', 'modelIdleTimeoutMs'),
    ...everyCommand,
  ],
  examples: [
    ['lorekeep models bench deepseek-coder:6.7b', 'three runs'],
    ['lorekeep models bench deepseek-coder:1.3b --prompt-tokens 3000', 'with a prompt as long as evidence is'],
  ],
  run,
};

async function run(context: CommandContext): Promise<void> {
  const { invocation, terminal, now, signal } = context;
  const model = exactlyOne('models bench', invocation, 'the name of a model; `lorekeep models list` shows them');
  const request = {
    model,
    runs: flagNumber(invocation, 'runs', { fallback: 3, min: 1, max: 100 }),
    promptTokens: flagNumber(invocation, 'prompt-tokens', { fallback: 500, min: 10, max: 30_000 }),
    outputTokens: flagNumber(invocation, 'output-tokens', { fallback: 64, min: 1, max: 10_000 }),
  };
  const service = await context.openService();
  const bar = createProgressBar(terminal, `Measuring ${model}`, now);
  try {
    bar.update({ fraction: 0, detail: 'loading the model' });
    const report = await (
      await service.administration().models()
    ).bench(request, {
      signal,
      onRun: (done, total) => bar.update({ fraction: done / total, detail: `run ${done + 1} of ${total}` }),
    });
    bar.end();
    if (hasFlag(invocation, 'json')) terminal.write(`${JSON.stringify(report)}\n`);
    else print(report, terminal);
  } finally {
    bar.end();
  }
}

const widths = [8, 22, 22, 13] as const;

function print({ model, loadMs, runs, median }: BenchReport, terminal: Terminal): void {
  const row = (label: string, texts: readonly string[]): string =>
    `${label.padEnd(widths[0])}${texts.map((text, index) => text.padStart(widths[index + 1] ?? 0)).join('')}\n`;
  terminal.write(`${terminal.style('bold', oneLine(model))}  loaded in ${duration(loadMs)}\n`);
  terminal.write(terminal.style('dim', row('run', ['reads', 'writes', 'first token'])));
  for (const [index, one] of runs.entries()) terminal.write(row(String(index + 1), cells(one)));
  terminal.write(terminal.style('bold', row('median', cells(median))));
}

function cells(measured: BenchRun): readonly string[] {
  const speed = (tokens: number, perSecond: number): string => `${count(tokens)} at ${perSecond.toFixed(1)}/s`;
  return [
    speed(measured.promptTokens, measured.promptTokensPerSecond),
    speed(measured.outputTokens, measured.outputTokensPerSecond),
    duration(measured.firstTokenMs),
  ];
}

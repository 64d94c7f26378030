import type { DoctorCheck, DoctorReport } from '../../verbs/doctor/doctor-report.ts';
import { flagList, hasFlag } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { configFlags, everyCommand, projectFlag } from '../common-flags.ts';
import { noWords } from '../question.ts';
import { oneLine } from '../terminal-text.ts';
import type { Terminal } from '../terminal.ts';

/** `lorekeep doctor`: whether everything is there, and which model suits this machine. */
export const doctorCommand: Command = {
  name: 'doctor',
  parameters: '',
  summary: 'Check what Lorekeep needs here, and say which model suits this machine.',
  description:
    'Checks Node, data folder, disk, hard links, file system, limits of watching, processor, memory, GPU, model server, model,\n' +
    'embedder, the indexes of all projects, keys and port, one a line, with what to do about each problem, and recommends a model for this machine.\n' +
    'Exit status 1 when something is broken; a missing model server or model is a warning, since evidence needs none.',
  flags: [
    { ...projectFlag, repeatable: false, summary: 'Project whose index to check, by name or folder.' },
    ...configFlags('modelUrl', 'allowedHosts', 'model', 'embedder', 'embedderUrl', 'listenHost', 'listenPort'),
    ...everyCommand,
  ],
  examples: [
    ['lorekeep doctor', 'all checks'],
    ['lorekeep doctor --json', 'for a program'],
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { invocation, terminal, currentFolder, signal } = context;
  noWords('doctor', invocation);
  const service = await context.openService();
  const named = flagList(invocation, 'project').slice(-1);
  const report = await service.administration().doctor({ currentFolder, named }, signal);
  if (hasFlag(invocation, 'json')) terminal.write(`${JSON.stringify(report)}\n`);
  else print(report, terminal);
  return report.ok ? 0 : 1;
}

const marks = { ok: ['green', 'ok'], warning: ['yellow', 'warning'], broken: ['red', 'broken'] } as const;

function print({ checks, recommendation }: DoctorReport, terminal: Terminal): void {
  const widest = Math.max(...checks.map(({ name }) => name.length));
  for (const check of checks) terminal.write(`${lineOf(check, widest, terminal)}\n`);
  const { model, quantization, range, reason } = recommendation;
  terminal.write(
    `\n${terminal.style('bold', 'For this machine')}  ${model} at ${quantization} (${range}). ${reason}\n`,
  );
}

/** One line, however long what is wrong is: it can be searched and pasted. */
function lineOf({ name, state, detail, advice }: DoctorCheck, widest: number, terminal: Terminal): string {
  const [style, word] = marks[state];
  const next = advice === null ? '' : `  → ${oneLine(advice)}`;
  return `${terminal.style(style, word.padEnd(7))}  ${name.padEnd(widest)}  ${oneLine(detail)}${next}`;
}

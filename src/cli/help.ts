import { isGroup } from './command.ts';
import type { Command, CommandGroup, CommandOrGroup, Flag } from './command.ts';
import { exitStatusMeanings } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** The page of `lorekeep help`. */
export function generalHelp(commands: readonly CommandOrGroup[], terminal: Terminal): string {
  const heading = (text: string): string => terminal.style('bold', text);
  return [
    'Ask your own code a question: answers with the files and lines they rest on. Nothing leaves this machine.',
    '',
    `${heading('Usage')}  lorekeep <command> [options]`,
    '',
    heading('Commands'),
    ...table(commands.map((command) => [headOf(command), command.summary])),
    '',
    heading('Start here'),
    ...table([
      ['cd my-project', ''],
      ['lorekeep ask "where are passwords checked?"', 'indexes the folder first, if it has no index'],
    ]),
    '',
    heading('Exit status'),
    ...table(exitStatusMeanings.map(([status, meaning]) => [String(status), meaning])),
    '',
    '`lorekeep <command> --help` shows the options of a command, with examples.',
    '',
  ].join('\n');
}

/** The page of `lorekeep <command> --help`. */
export function commandHelp(command: Command, terminal: Terminal): string {
  const heading = (text: string): string => terminal.style('bold', text);
  return [
    command.description,
    '',
    `${heading('Usage')}  lorekeep ${[command.name, command.parameters, '[options]'].filter((part) => part !== '').join(' ')}`,
    '',
    heading('Options'),
    ...table(command.flags.map((flag) => [flagHead(flag), flag.summary])),
    '',
    heading('Examples'),
    ...table(command.examples),
    '',
  ].join('\n');
}

/** The page of `lorekeep <group> --help`. */
export function groupHelp(group: CommandGroup, terminal: Terminal): string {
  const heading = (text: string): string => terminal.style('bold', text);
  const commands = Object.values(group.commands);
  return [
    group.description,
    '',
    `${heading('Usage')}  lorekeep ${group.name} <command> [options]`,
    '',
    heading('Commands'),
    ...table(commands.map((command) => [headOf(command), command.summary])),
    '',
    heading('Examples'),
    ...table(commands.flatMap((command) => command.examples.slice(0, 1))),
    '',
    `\`lorekeep ${group.name} <command> --help\` shows the options of a command.`,
    '',
  ].join('\n');
}

function headOf(command: CommandOrGroup): string {
  const rest = isGroup(command) ? Object.keys(command.commands).join('|') : command.parameters;
  return `${command.name} ${rest}`.trim();
}

function flagHead(flag: Flag): string {
  const short = flag.short === undefined ? '' : `-${flag.short}, `;
  return `${short}--${flag.name}${flag.value === undefined ? '' : ` ${flag.value}`}`;
}

/** Two columns; a left part that is too wide pushes its text to the next line. */
function table(rows: readonly (readonly [string, string])[]): string[] {
  const widest = Math.min(58, Math.max(...rows.map(([left]) => left.length)));
  return rows.map(([left, right]) => {
    if (right === '') return `  ${left}`;
    return left.length > widest ? `  ${left}\n  ${' '.repeat(widest)}  ${right}` : `  ${left.padEnd(widest)}  ${right}`;
  });
}

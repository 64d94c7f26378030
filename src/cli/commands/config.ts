import { optionNames, optionTable, shownValue } from '../../config-options.ts';
import { loadConfig, projectFileName, userConfigFile } from '../../config.ts';
import { hasFlag } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { configFlags, everyCommand } from '../common-flags.ts';
import { oneLine } from '../terminal-text.ts';

/** `lorekeep config`: every option, its value, and where that came from. */
export const configCommand: Command = {
  name: 'config',
  parameters: '',
  summary: 'Show every option, its value, and where that came from.',
  description:
    'Shows every option, its value, and where that came from.\n' +
    `Later places win: defaults, ${userConfigFile()}, ${projectFileName} in the project, LOREKEEP_… variables, flags.\n` +
    'A project’s file cannot set where code is sent or where data is written.',
  flags: [
    { name: 'schema', summary: 'Print the JSON Schema of a configuration file.' },
    ...configFlags(...optionNames.filter((option) => option !== 'dataFolder')),
    ...everyCommand,
  ],
  examples: [
    ['lorekeep config', 'all options as they hold here'],
    ['lorekeep config --schema > lorekeep.schema.json', 'for an editor'],
    ['LOREKEEP_MODEL=deepseek-coder:1.3b lorekeep config', 'what a variable changes'],
  ],
  run,
};

async function run({ invocation, terminal, configFlags: flags, currentFolder }: CommandContext): Promise<void> {
  if (hasFlag(invocation, 'schema')) {
    const { configJsonSchema } = await import('../../config-schema.ts');
    terminal.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
    return;
  }
  const { values, origins } = await loadConfig({ flags, projectRoot: currentFolder });
  if (hasFlag(invocation, 'json')) {
    const shown = Object.fromEntries(optionNames.map((option) => [option, shownValue(option, values)]));
    terminal.write(`${JSON.stringify({ values: shown, origins })}\n`);
    return;
  }
  for (const option of optionNames) {
    terminal.write(
      `${terminal.style('bold', option)} = ${oneLine(JSON.stringify(shownValue(option, values)))}  ${terminal.style('dim', `(${oneLine(origins[option])})`)}\n`,
    );
    terminal.write(`    ${optionTable[option].summary}\n`);
  }
}

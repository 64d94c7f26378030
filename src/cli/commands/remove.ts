import { ServiceError } from '../../core/errors.ts';
import { hasFlag } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { everyCommand } from '../common-flags.ts';
import { atMostOne } from '../question.ts';
import { byteSize, oneLine } from '../terminal-text.ts';

/** `lorekeep remove`: forget a project. */
export const removeCommand: Command = {
  name: 'remove',
  parameters: '<project>',
  summary: 'Delete the index of a project.',
  description: 'Deletes the index of a project, named by its name or folder. The project’s own files are not touched.',
  flags: everyCommand,
  examples: [
    ['lorekeep remove shop', 'by name'],
    ['lorekeep remove ~/work/shop', 'by folder'],
  ],
  run,
};

async function run({ invocation, terminal, openService, currentFolder }: CommandContext): Promise<void> {
  const project = atMostOne('remove', invocation);
  if (project === undefined) {
    throw new ServiceError('request_invalid', 'Name the project to remove; `lorekeep projects` lists them.');
  }
  const service = await openService();
  const removed = await service.removeProject({ currentFolder, named: [project] });
  if (hasFlag(invocation, 'json')) terminal.write(`${JSON.stringify({ removed })}\n`);
  else
    terminal.write(
      `Removed the index of ${oneLine(removed.name)} (${byteSize(removed.freedBytes)}). ${oneLine(removed.root)} was not touched.\n`,
    );
}
